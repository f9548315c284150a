// `npm run test:reloads`: a thousand reloads, one after the other (`-- --times N` for fewer), and what master and worker
// have open before and after. Ends with 0 when it is the same.
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { figuresOf, reloadOften } from '../helpers/reload-often.ts'
import { startServer } from '../helpers/start-server.ts'
import { figuresOf as holdingsOf } from './process-figures.ts'

const { values } = parseArgs({ options: { times: { type: 'string', default: '1000' } } })
const times = Math.min(10_000, Math.max(1, Number(values.times) || 1000))

await using server = await startServer({ app: 'hello', bind: 'tcp', flags: ['--drain-idle', '0'], within: 120_000 })
// The first reloads may load what later ones use too.
await reloadOften(server, { times: 2, workers: 1 })
const [before, held] = [await figuresOf(server, 1), holdingsOf(server.pid)]
const after = await reloadOften(server, { times, workers: 1 })
const holds = holdingsOf(server.pid)
const isSame = isDeepStrictEqual(after, before) && holds.threads === held.threads && holds.zombies.length === 0
const mebibytes = (kibibytes: number): string => `${(kibibytes / 1024).toFixed(1)} MiB`
process.stdout.write(`reloads                    ${times}
descriptors of the master  ${before.master.length} before, ${after.master.length} after
descriptors of the worker  ${before.workers[0]?.length} before, ${after.workers[0]?.length} after
threads of the master      ${held.threads} before, ${holds.threads} after
memory of the master       ${mebibytes(held.rssKiB)} before, ${mebibytes(holds.rssKiB)} after
zombies                    ${holds.zombies.length}
${isSame ? '✓ the same' : '✗ not the same'}
`)
if (!isSame) process.stdout.write(`${JSON.stringify({ before, after }, null, 2)}\n`)
process.exitCode = isSame ? 0 : 1
