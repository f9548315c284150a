import { Server } from 'node:net'

/** A server of node:http2: its class is not exported, but no other server has settings that can be updated. */
export function isHttp2(value: unknown): boolean {
  return value instanceof Server && 'updateSettings' in value
}
