import { block, errorCode, flag, four, frame, frameType, get, preface } from '../../helpers/http2-frames.ts'
import { about, answered, asked, begun, type Case, ends, fromTheStart, knownIn, resets, served } from './cases.ts'

const { data, headers, priority, reset, ping, window } = frameType
const { protocol, frameSize, streamClosed, compression, refused } = errorCode
const eight = Buffer.alloc(8)
const first = block(...get).subarray(0, 20)

/** RFC 9113, sections 3 and 4. */
export const startingCases: readonly Case[] = [
  ...fromTheStart('3.4', [
    ['a preface that is none', [Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')], ends(protocol)],
    ['a preface without SETTINGS', [preface, frame(ping, 0, 0, eight)], ends(protocol)],
    ['a request of HTTP/1.1', [Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')], ends(protocol)],
  ]),
  ...about('4.1', [
    ['a frame of an unknown type', [frame(200, 0, 0, eight)], 'nothing'],
    ['undefined flags', [frame(ping, 0xf6, 0, eight)], 'nothing'],
    ['a stream number whose reserved bit is set', [frame(headers, flag.whole, 0x80000001, block(...get))], served],
  ]),
  ...about('4.2', [
    ['DATA as large as may be', [begun(), frame(data, 1, 1, Buffer.alloc(16_384))], served],
    ['DATA that is too large', [begun(), frame(data, 1, 1, Buffer.alloc(16_385))], ends(frameSize), resets(frameSize)],
    ['HEADERS that are too large', [frame(headers, 5, 1, Buffer.alloc(16_385))], ends(frameSize)],
    ['an unknown frame that is too large', [frame(200, 0, 0, Buffer.alloc(16_385))], ends(frameSize)],
  ]),
  ...about('4.3', [
    [
      'a field block that cannot be read',
      [frame(headers, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
      ends(compression),
    ],
    [
      'PRIORITY within a field block',
      [frame(headers, 1, 1, first), frame(priority, 0, 1, Buffer.alloc(5))],
      ends(protocol),
    ],
    ['another request within a field block', [frame(headers, 1, 1, first), asked(3)], ends(protocol)],
  ]),
  ...about('5.5', [
    ['an unknown frame within a field block', [frame(headers, 1, 1, first), frame(200, 0, 0, eight)], ends(protocol)],
  ]),
]

/** RFC 9113, section 5. */
export const stateCases: readonly Case[] = [
  ...about('5.1', [
    ['DATA on a stream that is idle', [frame(data, 1, 1, eight)], ends(protocol)],
    ['RST_STREAM on a stream that is idle', [frame(reset, 0, 1, four(8))], ends(protocol)],
    ['WINDOW_UPDATE on a stream that is idle', [frame(window, 0, 1, four(1))], ends(protocol)],
    ['DATA after the end of a request', [asked(), frame(data, 1, 1, eight)], resets(streamClosed)],
    ['HEADERS after the end of a request', [asked(), asked()], resets(streamClosed)],
    [
      'DATA after RST_STREAM',
      [begun(), frame(reset, 0, 1, four(8)), frame(data, 1, 1, eight)],
      'nothing',
      resets(streamClosed),
    ],
    ['HEADERS after RST_STREAM', [begun(), frame(reset, 0, 1, four(8)), asked()], 'nothing', resets(streamClosed)],
    ['DATA on a stream that is over', [asked(), answered(), frame(data, 1, 1, eight)], 'nothing', resets(streamClosed)],
    ['HEADERS on a stream that is over', [asked(), answered(), asked()], 'nothing', resets(streamClosed)],
    ['WINDOW_UPDATE after the end of a request', [asked(), frame(window, 0, 1, four(1))], served],
    [
      'WINDOW_UPDATE and RST_STREAM on a stream that is over',
      [asked(), answered(), frame(window, 0, 1, four(1)), frame(reset, 0, 1, four(8))],
      'nothing',
    ],
  ]),
  ...about('5.1.1', [['a stream with an even number', [asked(2)], ends(protocol)]]),
  ...knownIn('5.1.1', 'ends the connection', [
    ['a stream with a lower number than the last', [asked(3), asked(1)], 'nothing'],
  ]),
  ...about('5.1.2', [
    [
      'more streams than are allowed',
      [
        ...Array.from({ length: 101 }, (_, at) => begun(2 * at + 1)),
        (raw) => raw.frame(reset, 201),
        frame(reset, 0, 1, four(8)),
      ],
      resets(refused, 201),
      resets(protocol, 201),
    ],
  ]),
  ...about('RFC 7540, 5.3.1', [
    [
      'a stream that depends on itself',
      [frame(headers, 37, 1, Buffer.concat([four(1), Buffer.from([9]), block(...get)]))],
      resets(protocol),
      served,
    ],
    [
      'PRIORITY that makes a stream depend on itself',
      [frame(priority, 0, 1, Buffer.concat([four(1), Buffer.from([9])]))],
      ends(protocol),
      'nothing',
    ],
  ]),
]
