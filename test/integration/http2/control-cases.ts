import { block, errorCode, four, frame, frameType, get } from '../../helpers/http2-frames.ts'
import { about, answers, asked, begun, type Case, ends, knownIn, resets, served } from './cases.ts'

const { data, headers, reset, push, ping, goaway, window, continuation } = frameType
const { none, protocol, flowControl, frameSize } = errorCode
const eight = Buffer.alloc(8)
const first = block(...get).subarray(0, 20)
const rest = block(...get).subarray(20)

/** RFC 9113, sections 6.6 to 7. */
export const controlCases: readonly Case[] = [
  ...about('6.6', [
    [
      'PUSH_PROMISE from a client',
      [begun(), frame(push, 4, 1, Buffer.concat([four(2), block(...get)]))],
      ends(protocol),
    ],
  ]),
  ...about('6.7', [
    ['PING on a stream', [frame(ping, 0, 1, eight)], ends(protocol)],
    ['PING of a wrong length', [frame(ping, 0, 0, Buffer.alloc(7))], ends(frameSize)],
  ]),
  ...knownIn('6.7', 'has no effect', [
    ['an answer to a PING that was not sent', [frame(ping, 1, 0, eight)], ends(protocol)],
  ]),
  ...about('6.8', [['GOAWAY on a stream', [frame(goaway, 0, 1, eight)], ends(protocol)]]),
  ...about('6.9', [
    ['WINDOW_UPDATE by nothing', [frame(window, 0, 0, four(0))], ends(protocol)],
    ['WINDOW_UPDATE of a stream by nothing', [begun(), frame(window, 0, 1, four(0))], resets(protocol)],
    ['WINDOW_UPDATE of a wrong length', [frame(window, 0, 0, Buffer.alloc(3))], ends(frameSize)],
  ]),
  ...about('6.9.1', [
    [
      'a window that overflows',
      [frame(window, 0, 0, four(0x7fffffff)), frame(window, 0, 0, four(0x7fffffff))],
      ends(flowControl),
    ],
    [
      'a window of a stream that overflows',
      [begun(), frame(window, 0, 1, four(0x7fffffff)), frame(window, 0, 1, four(0x7fffffff))],
      resets(flowControl),
    ],
  ]),
  ...about('6.10', [
    [
      'a field block in three pieces',
      [
        frame(headers, 1, 1, first),
        frame(continuation, 0, 1, rest.subarray(0, 9)),
        frame(continuation, 4, 1, rest.subarray(9)),
      ],
      served,
    ],
    ['CONTINUATION without HEADERS', [frame(continuation, 4, 1, block(...get))], ends(protocol)],
    [
      'CONTINUATION after a block that is complete',
      [begun(), frame(continuation, 4, 1, block(['x', 'y']))],
      ends(protocol),
    ],
    ['CONTINUATION on no stream', [frame(headers, 1, 1, first), frame(continuation, 4, 0, rest)], ends(protocol)],
    ['CONTINUATION on another stream', [frame(headers, 1, 1, first), frame(continuation, 4, 3, rest)], ends(protocol)],
    ['CONTINUATION after DATA', [begun(), frame(data, 0, 1, eight), frame(continuation, 4, 1, rest)], ends(protocol)],
  ]),
  ...about('7', [
    ['GOAWAY with an unknown error code', [frame(goaway, 0, 0, Buffer.concat([four(0), four(255)]))], ends(none)],
    ['RST_STREAM with an unknown error code', [begun(), frame(reset, 0, 1, four(255)), asked(3)], answers(200, 3)],
  ]),
]
