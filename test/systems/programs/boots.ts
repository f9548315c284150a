// Boots a machine without anything on it, says its name, and waits for its own end.
import { bootContainer } from '../container.ts'
import { debian } from '../layers.ts'

const { name } = await bootContainer([await debian('bookworm')])
process.stdout.write(`${name}\n`)
process.stdin.resume()
