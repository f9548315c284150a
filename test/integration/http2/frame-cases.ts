import { block, errorCode, four, frame, frameType, get, setting } from '../../helpers/http2-frames.ts'
import { about, answered, asked, begun, type Case, ends, knownIn, resets, served } from './cases.ts'

const { data, headers, priority, reset, settings } = frameType
const { protocol, flowControl, frameSize } = errorCode
const eight = Buffer.alloc(8)

/** RFC 9113, sections 6.1 to 6.5. */
export const frameCases: readonly Case[] = [
  ...about('6.1', [
    ['DATA on no stream', [frame(data, 1, 0, eight)], ends(protocol)],
    ['DATA with padding', [begun(), frame(data, 9, 1, Buffer.from([2, 97, 0, 0]))], served],
    ['DATA with padding longer than the frame', [begun(), frame(data, 8, 1, Buffer.from([200, 1]))], ends(protocol)],
    ['DATA with padding and no room for its length', [begun(), frame(data, 8, 1)], ends(frameSize), ends(protocol)],
  ]),
  ...about('6.2', [
    ['HEADERS on no stream', [frame(headers, 5, 0, block(...get))], ends(protocol)],
    [
      'HEADERS with padding and priority',
      [
        frame(
          headers,
          5 | 8 | 32,
          1,
          Buffer.concat([Buffer.from([3]), Buffer.alloc(5), block(...get), Buffer.alloc(3)]),
        ),
      ],
      served,
    ],
    [
      'HEADERS with padding longer than the frame',
      [frame(headers, 13, 1, Buffer.concat([Buffer.from([250]), block(...get)]))],
      ends(protocol),
    ],
  ]),
  // Newer versions of nghttp2 read no PRIORITY at all, as RFC 9113 deprecates it.
  ...knownIn('6.3', 'ends the connection', [
    ['PRIORITY on no stream', [frame(priority, 0, 0, Buffer.alloc(5))], 'nothing', ends(protocol)],
  ]),
  ...about('6.3', [
    ['PRIORITY on a stream that is idle', [frame(priority, 0, 3, Buffer.alloc(5)), asked(1)], served],
    ['PRIORITY on a stream that is over', [asked(), answered(), frame(priority, 0, 1, Buffer.alloc(5))], 'nothing'],
    ['PRIORITY of a wrong length', [begun(), frame(priority, 0, 1, Buffer.alloc(4))], resets(frameSize)],
  ]),
  ...about('6.4', [
    ['RST_STREAM on no stream', [frame(reset, 0, 0, four(8))], ends(protocol)],
    ['RST_STREAM of a wrong length', [begun(), frame(reset, 0, 1, Buffer.alloc(3))], ends(frameSize)],
  ]),
  ...about('6.5', [
    ['SETTINGS on a stream', [frame(settings, 0, 1)], ends(protocol)],
    ['an acknowledgement of SETTINGS with content', [frame(settings, 1, 0, setting(3, 1))], ends(frameSize)],
    ['SETTINGS of a wrong length', [frame(settings, 0, 0, Buffer.alloc(5))], ends(frameSize)],
  ]),
  ...about('6.5.2', [
    ['ENABLE_PUSH that is neither 0 nor 1', [frame(settings, 0, 0, setting(2, 2))], ends(protocol)],
    ['a window beyond the largest', [frame(settings, 0, 0, setting(4, 0x80000000))], ends(flowControl)],
    ['a frame size below the least', [frame(settings, 0, 0, setting(5, 16_383))], ends(protocol)],
    ['a frame size beyond the largest', [frame(settings, 0, 0, setting(5, 2 ** 24))], ends(protocol)],
    ['an unknown setting', [frame(settings, 0, 0, setting(99, 7))], 'nothing'],
  ]),
  ...about('6.5.3', [
    ['SETTINGS, which are acknowledged', [(raw) => raw.frame(settings).then(() => raw.frame(settings, 0))], 'nothing'],
  ]),
]
