import { createRequire } from 'node:module'
import type * as PinoPretty from 'pino-pretty'
import { escapeControls } from './escape.ts'
import { cutRecord, cutText } from './fit.ts'
import { isLogLevel, levels } from './levels.ts'

/** Turns a record, one JSON object, into the line to write: no line break but the one at its end, at most `limit` bytes. */
export type Format = (json: string, limit: number) => string

const require = createRequire(import.meta.url)

export type LogRecord = Readonly<Record<string, unknown>>

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
export const formatPlain: Format = (json, limit) => {
  const record = JSON.parse(json) as LogRecord
  const head = `[${localTime(String(record['time']))}] [${record['pid']}] [${String(record['level']).toUpperCase()}] `
  return behind(head, record, limit)
}

/** The same in colours. */
export function createColourFormat(): Format {
  // Loaded here since it costs some 15 ms, which only those who see its lines should pay.
  const { prettyFactory } = require('pino-pretty') as typeof PinoPretty
  const pretty = prettyFactory({
    colorize: true,
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
    return behind(`${part({ time: record['time'] })} [${record['pid']}] [${part({ level })}] `, record, limit)
  }
}

function behind(head: string, record: LogRecord, limit: number): string {
  return `${head}${cutText(sentence(record), limit - Buffer.byteLength(head) - 1)}\n`
}

const two = (value: number): string => String(value).padStart(2, '0')

function localTime(time: string): string {
  const date = new Date(time)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const offset = -date.getTimezoneOffset()
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${day} ${clock} ${offset < 0 ? '-' : '+'}${two(hours)}${two(minutes)}`
}

/** The message, and behind it the stack of an error, folded into one line. What is safe in one, for people. */
export function sentence(record: LogRecord): string {
  const message = `${speaker(record)}${String(record['msg'] ?? '')}`
  const error = record['err'] as { readonly stack?: unknown } | null | undefined
  if (typeof error?.stack !== 'string') return escapeControls(message)
  const frames = error.stack.split('\n').map((line) => line.trim())
  return escapeControls([message, ...frames].join(' | '))
}

/** Among the server's own words those of an application have to be told apart. */
function speaker({ event, worker }: LogRecord): string {
  return event === 'worker.output' ? `worker ${String(worker)}: ` : ''
}

/** A UTF-16 unit becomes at most three bytes, so most lines need not be counted. */
function isShort(line: string, limit: number): boolean {
  return line.length * 3 < limit || Buffer.byteLength(line) < limit
}
