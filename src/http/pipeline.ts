import type { Connection } from './connections.ts'

/** A client that sends requests faster than they are answered is read no further until so many, or half, are left. */
const most = 64

/** Stops reading once the packet at hand is dealt with: all its requests are on their way already. */
export function holdPipeline(connection: Connection): void {
  if (connection.exchanges.length <= most || connection.held === 'soon') return
  connection.held = 'soon'
  process.nextTick(() => {
    connection.held = 'yes'
    connection.socket.pause()
  })
}

export function letGoOfPipeline(connection: Connection): void {
  if (connection.held !== 'yes' || connection.exchanges.length > most / 2) return
  connection.held = 'no'
  connection.socket.resume()
}
