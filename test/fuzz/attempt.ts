import { pause } from '../helpers/pause.ts'
import { type Dice, diceOf } from './dice.ts'
import type { Way } from './ways.ts'

/** How long an answer is waited for, in milliseconds: many attempts are owed none. */
const patience = 300

export type Attempt = {
  readonly way: Way
  readonly sent: Buffer
  readonly received: string
  readonly wrong: string | null
}

/** One attempt, the same each time for the same seed and number. */
export async function attempt(ways: readonly [Way, ...Way[]], seed: number, number: number): Promise<Attempt> {
  const dice = diceOf(Math.imul(seed, 0x9e3779b1) + number)
  const way = dice.pick(ways)
  const word = `Zq${number.toString(36).padStart(6, '0')}qZ`
  const sent = way.make(dice, word)
  const received = await send(way, sent, dice)
  return { way, sent, received, wrong: way.judge(received, word) }
}

async function send(way: Way, bytes: Buffer, dice: Dice): Promise<string> {
  const socket = way.open()
  const chunks: Buffer[] = []
  // A reset is one way to be told to go away.
  socket.on('error', () => {}).on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()).once('end', () => resolve()))
  for (const piece of piecesOf(bytes, dice)) await new Promise((resolve) => socket.write(piece, resolve))
  if (dice.chance(0.8)) socket.end()
  await Promise.race([closed, pause(patience)])
  socket.destroy()
  return Buffer.concat(chunks).toString('latin1')
}

function piecesOf(bytes: Buffer, dice: Dice): readonly Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = dice.chance(0.5) ? bytes.length : 1 + dice.below(Math.max(40, bytes.length / 4))
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}
