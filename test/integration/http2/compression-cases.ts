import { block, errorCode, flag, frame, frameType, get } from '../../helpers/http2-frames.ts'
import { about, type Case, ends, served } from './cases.ts'

const { headers } = frameType
const hpack = (bytes: readonly number[]): Buffer =>
  frame(headers, flag.whole, 1, Buffer.concat([block(...get), Buffer.from(bytes)]))
const broken = ends(errorCode.compression)

/** RFC 7541. */
export const compressionCases: readonly Case[] = [
  ...about('RFC 7541, 2.3.3', [
    ['an index beyond the tables', [hpack([0xc6])], broken],
    ['a name by an index beyond the tables', [hpack([0x7f, 0x40, 1, 97])], broken],
  ]),
  ...about('RFC 7541, 4.2', [
    [
      'a table size at the begin',
      [frame(headers, flag.whole, 1, Buffer.concat([Buffer.from([0x20, 0x3f, 0xe1, 0x1f]), block(...get)]))],
      served,
    ],
    ['a table size at the end', [hpack([0x20])], broken],
  ]),
  ...about('RFC 7541, 5.1', [
    ['a number without end', [hpack([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])], broken],
  ]),
  ...about('RFC 7541, 5.2', [
    [
      'Huffman code',
      [frame(headers, flag.whole, 1, Buffer.concat([block(...get), Buffer.from([0, 1, 97, 0x81, 0x1f])]))],
      served,
    ],
    ['Huffman code with more than seven bits of padding', [hpack([0, 1, 97, 0x82, 0x1f, 0xff])], broken],
    ['Huffman code padded with zeros', [hpack([0, 1, 97, 0x81, 0x18])], broken],
    ['Huffman code with EOS in it', [hpack([0, 1, 97, 0x84, 0xff, 0xff, 0xff, 0xff])], broken],
    ['a text longer than its block', [hpack([0, 1, 97, 0x7e, 97])], broken],
  ]),
  ...about('RFC 7541, 6.1', [
    [
      'fields by their index',
      [frame(headers, flag.whole, 1, Buffer.concat([Buffer.from([0x82, 0x84, 0x87]), block(['host', 'localhost'])]))],
      served,
    ],
    ['index 0', [hpack([0x80])], broken],
  ]),
  ...about('RFC 7541, 6.2', [
    [
      'a field that is kept, by an indexed name and by a new one',
      [hpack([0x7a, 1, 97, 0x40, 1, 97, 1, 98, 0xbe, 0xbf])],
      served,
    ],
    ['a field that is never kept', [hpack([0x10, 1, 97, 1, 98])], served],
  ]),
  ...about('RFC 7541, 6.3', [
    [
      'a table larger than was allowed',
      [frame(headers, flag.whole, 1, Buffer.concat([Buffer.from([0x3f, 0xe2, 0x1f]), block(...get)]))],
      broken,
    ],
  ]),
]
