import { hostname } from 'node:os'
import { basename } from 'node:path'
import type { ServerConfig } from '../../settings/server-table.ts'
import { syslogFacilities } from '../../settings/syslog-facilities.ts'
import { type LogRecord, sentence } from '../format.ts'
import { isLogLevel, levels } from '../levels.ts'
import { composeSyslog, type SyslogEntry, type SyslogSender } from './message.ts'
import { SyslogQueue, type SyslogTrouble, type Transport } from './queue.ts'
import { datagrams, stream } from './transport.ts'

export type SyslogOptions = {
  readonly config: ServerConfig
  /** A datagram socket that leads to the daemon; null where that has a stream. */
  readonly fd: number | null
  readonly onTrouble: (trouble: SyslogTrouble) => void
}

/** The way of a process to syslog. Nothing here throws. */
export type Syslog = {
  /** Takes a record of the error log, as JSON. */
  readonly record: (json: string) => void
  /** Takes a line of the access log; null where those are not wanted. */
  readonly access: ((line: string) => void) | null
  readonly flush: () => void
  readonly close: () => void
}

/** Null where syslog is not wanted. */
export function openSyslog({ config, fd, onTrouble }: SyslogOptions): Syslog | null {
  const transport = transportFor(config, fd)
  if (transport === null) return null
  const queue = new SyslogQueue(transport, onTrouble)
  const records = composeSyslog(senderFor(config, 'error'))
  const lines = composeSyslog(senderFor(config, 'access'))
  return {
    record: (json) => queue.write(records(entryOf(JSON.parse(json) as LogRecord))),
    access: config.disableRedirectAccessToSyslog ? null : (line) => queue.write(lines(accessEntry(line))),
    flush: () => queue.flush(),
    close: () => queue.close(),
  }
}

function transportFor({ logSyslog, logSyslogTo: to }: ServerConfig, fd: number | null): Transport | null {
  if (!logSyslog) return null
  if (to.kind === 'unix' && to.socket === 'stream') return stream(to)
  if (to.kind === 'tcp') return stream({ kind: 'tcp', host: to.host, port: to.port })
  return fd === null ? null : datagrams(fd)
}

function senderFor(config: ServerConfig, log: 'error' | 'access'): SyslogSender {
  const { logSyslogFormat: format, logSyslogTo: to, logSyslogPrefix: prefix } = config
  const name = (prefix ?? config.name ?? basename(config.app ?? '')).slice(0, 33)
  return {
    facility: syslogFacilities[config.logSyslogFacility],
    host: hostname(),
    tag: `tsicorn.${name}.${log}`,
    form: format === 'auto' ? (to.kind === 'unix' ? 'local' : 'rfc5424') : format,
  }
}

function entryOf(record: LogRecord): SyslogEntry {
  const { level, time, pid, event } = record
  return {
    priority: levels[isLogLevel(level) ? level : 'info'].priority,
    at: new Date(String(time)),
    pid: Number(pid),
    event: String(event),
    facts: { worker: plain(record['worker']), requestId: plain(record['requestId']) },
    text: sentence(record),
  }
}

function plain(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

function accessEntry(line: string): SyslogEntry {
  const { pid } = process
  return { priority: levels.info.priority, at: new Date(), pid, event: 'access', facts: {}, text: line.trimEnd() }
}
