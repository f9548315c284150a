import { createRequire } from 'node:module'
import type * as PinoPretty from 'pino-pretty'
import { escapeControls } from './escape.ts'
import { cutRecord, cutText } from './fit.ts'
import { isLogLevel, levels } from './levels.ts'

/** Turns a record of pino, one JSON object, into the line to write: no line break but the one at its end, at most `limit` bytes. */
export type Format = (json: string, limit: number) => string

const require = createRequire(import.meta.url)

type LogRecord = Readonly<Record<string, unknown>>

/** JSON lines, for machines. */
export const formatJson: Format = (json, limit) => {
  const line = escapeControls(json.trimEnd())
  if (isShort(line, limit)) return `${line}\n`
  return `${cutRecord(line, limit - 1, escapeControls)}\n`
}

/** `<priority>message` as journald reads it from a service's output (sd-daemon(3)); time and pid are its own business. */
export const formatJournal: Format = (json, limit) => {
  const record = JSON.parse(json) as LogRecord
  const { priority } = levels[isLogLevel(record['level']) ? record['level'] : 'info']
  return `${cutText(`<${priority}>${sentence(record)}`, limit - 1)}\n`
}

/** `[2026-11-20 15:26:41 +0000] [pid] [INFO] message`, in local time, as Gunicorn writes it. */
export function createPrettyFormat(colour: boolean): Format {
  // Loaded here since it costs some 15 ms, which only those who see its lines should pay.
  const { prettyFactory } = require('pino-pretty') as typeof PinoPretty
  const pretty = prettyFactory({
    colorize: colour,
    hideObject: true,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss o',
    customLevels: Object.fromEntries(Object.entries(levels).map(([name, { value }]) => [name, value])),
    customColors: 'debug:gray,info:green,warning:yellow,error:red,critical:bgRed',
  })
  // Its own lines are `[time] LEVEL (pid): message`; of those the parts are taken.
  const part = (record: LogRecord): string => pretty(record).replace(/:?\n$/, '')
  return (json, limit) => {
    const record = JSON.parse(json) as LogRecord
    const level = isLogLevel(record['level']) ? levels[record['level']].value : undefined
    const head = `${part({ time: record['time'] })} [${record['pid']}] [${part({ level })}] `
    return `${head}${cutText(sentence(record), limit - Buffer.byteLength(head) - 1)}\n`
  }
}

/** The message, and behind it the stack of an error, folded into one line. */
function sentence(record: LogRecord): string {
  const message = String(record['msg'] ?? '')
  const error = record['err'] as { readonly stack?: unknown } | null | undefined
  if (typeof error?.stack !== 'string') return escapeControls(message)
  const frames = error.stack.split('\n').map((line) => line.trim())
  return escapeControls([message, ...frames].join(' | '))
}

/** A UTF-16 unit becomes at most three bytes, so most lines need not be counted. */
function isShort(line: string, limit: number): boolean {
  return line.length * 3 < limit || Buffer.byteLength(line) < limit
}
