// Requests from inside a machine's network until its input ends: tells, for each line it reads and at the end, what became
// of them so far. Its argument is what to send, as startLoad takes it.
import { createInterface } from 'node:readline'
import { type LoadOptions, startLoad } from '../helpers/load.ts'

const load = startLoad(JSON.parse(process.argv[2] ?? '') as LoadOptions)
const tell = () => process.stdout.write(`${JSON.stringify(load.count())}\n`)
const questions = createInterface({ input: process.stdin })
questions.on('line', tell)
questions.on('close', async () => {
  await load.stop()
  tell()
})
