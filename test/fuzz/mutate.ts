import type { Dice } from './dice.ts'

/** No attempt is longer, in bytes. */
const longest = 64 * 1024

const words = [
  ...['\r\n', '\n', '\r', '\r\n\r\n', ' ', '\t', '\0', ':', ';', ',', '"', '\\', '%00', '%0d%0a', '..', '\x80', '\xff'],
  ...[
    'GET ',
    'POST ',
    'HEAD ',
    'CONNECT ',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ' HTTP/1.1\r\n',
    ' HTTP/1.0\r\n',
    'HTTP/9.9',
  ],
  ...[
    'Host: a\r\n',
    'Host:\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: 99999999999999999999\r\n',
    'Content-Length: -1\r\n',
  ],
  ...['Transfer-Encoding: chunked\r\n', 'Transfer-Encoding : chunked\r\n', 'Transfer-Encoding: gzip, chunked\r\n'],
  ...[
    'Connection: close\r\n',
    'Connection: Upgrade\r\nUpgrade: websocket\r\n',
    'Upgrade: h2c\r\n',
    'Expect: 100-continue\r\n',
  ],
  ...[
    '0\r\n\r\n',
    '5\r\nhello\r\n',
    'ffffffffffffffff\r\n',
    '-1\r\n',
    '0x5\r\n',
    'X-Forwarded-For: 1.2.3.4\r\n',
    'Forwarded: for="\r\n',
  ],
  ...[
    'X-Forwarded-Proto: https\r\n',
    'Cookie: a=b\r\n',
    '__proto__: a\r\n',
    'Trailer: Host\r\n',
    'Content-Type: a\r\n',
  ],
  ...['PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n', 'PROXY UNKNOWN\r\n', '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c'],
] as const

type Change = (bytes: Buffer, dice: Dice, others: () => Buffer) => Buffer

const changes: readonly [Change, ...Change[]] = [
  (bytes, dice) => splice(bytes, dice.below(bytes.length + 1), { cut: 1, put: dice.bytes(1) }),
  (bytes, dice) => splice(bytes, dice.below(bytes.length + 1), { cut: dice.below(20), put: dice.bytes(0) }),
  (bytes, dice) => splice(bytes, dice.below(bytes.length + 1), { cut: 0, put: dice.bytes(1 + dice.below(20)) }),
  (bytes, dice) =>
    splice(bytes, dice.below(bytes.length + 1), { cut: 0, put: Buffer.from(dice.pick(words), 'latin1') }),
  (bytes, dice) =>
    splice(bytes, dice.below(bytes.length + 1), { cut: dice.below(9), put: Buffer.from(dice.pick(words), 'latin1') }),
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length + 1)),
  (bytes, dice, others) => splice(bytes, dice.below(bytes.length + 1), { cut: dice.below(50), put: others() }),
  (bytes, dice) => repeat(bytes, dice),
]

/** Changes some bytes in one to eight ways. */
export function mutate(bytes: Buffer, dice: Dice, others: () => Buffer): Buffer {
  let changed = bytes
  for (let turns = 1 + dice.below(8); turns > 0; turns -= 1) changed = dice.pick(changes)(changed, dice, others)
  return changed.subarray(0, longest)
}

/** Puts a word somewhere into some bytes. */
export function plant(bytes: Buffer, dice: Dice, word: string): Buffer {
  return splice(bytes, dice.below(bytes.length + 1), { cut: 0, put: Buffer.from(word) })
}

function repeat(bytes: Buffer, dice: Dice): Buffer {
  const from = dice.below(bytes.length + 1)
  const piece = bytes.subarray(from, from + 1 + dice.below(40))
  const put = Buffer.concat(Array.from({ length: 1 + dice.below(dice.chance(0.1) ? 2000 : 20) }, () => piece))
  return splice(bytes, from, { cut: 0, put })
}

function splice(bytes: Buffer, at: number, { cut, put }: { readonly cut: number; readonly put: Buffer }): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
}
