import type { Dice } from './dice.ts'

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const [headers, settings] = [1, 4] as const

/** A connection of HTTP/2 as its client begins it, with frames of all kinds, right and wrong, behind. */
export function frames(dice: Dice, word: string): Buffer {
  const made = [preface, frame({ type: settings, flags: 0, stream: 0, payload: Buffer.alloc(0) })]
  for (let left = 1 + dice.below(12); left > 0; left -= 1)
    made.push(dice.chance(0.5) ? ask(dice, word) : anyFrame(dice))
  return Buffer.concat(made)
}

type Frame = { readonly type: number; readonly flags: number; readonly stream: number; readonly payload: Buffer }

function frame({ type, flags, stream, payload }: Frame): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** GET / in HPACK, without Huffman's coding, and the word as a field. */
function ask(dice: Dice, word: string): Buffer {
  const field = [0, 3, ...Buffer.from('x-w'), word.length, ...Buffer.from(word)]
  const payload = Buffer.from([0x82, 0x87, 0x84, 0x41, 9, ...Buffer.from('localhost'), ...field])
  return frame({ type: headers, flags: dice.pick([5, 5, 4, 1, 0]), stream: dice.pick([1, 3, 5, 7, 2, 0]), payload })
}

function anyFrame(dice: Dice): Buffer {
  const payload = dice.bytes(dice.pick([0, 4, 5, 6, 8, 12, 100]))
  return frame({ type: dice.below(11), flags: dice.below(64), stream: dice.pick([0, 1, 3, 5, 9]), payload })
}
