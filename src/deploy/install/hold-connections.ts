import { chmodSync, lchownSync, linkSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { posix } from 'node:path'
import { until } from '../until.ts'
import { trustedPath } from './trusted-path.ts'

/** Connections that come to sockets while nobody serves them, and that are to be served afterwards. */
export type Holding = {
  /** Each connection goes on to the socket of its path, or where that is gone to another of these. */
  readonly passOn: (paths: readonly string[]) => void
  /** Resolves once none is open any more; those still open after so many milliseconds are ended. */
  readonly end: (within: number) => Promise<void>
}

type Held = { readonly path: string; readonly socket: Socket }

// As many as may wait for a busy worker; the kernel caps it (listen(2)).
const backlog = 65_535

// A worker that is busy for longer than this takes what waits for it when it is drained, or not at all.
const takingPatience = 5000

/**
 * Puts sockets of ours in place of others, by rename: whoever connects from now on waits with us. What waited in the others
 * has been taken by their workers when this resolves. Paths where there is no socket are left out.
 */
export async function holdConnections(paths: readonly string[]): Promise<Holding> {
  const there = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true)
  const beside = besideOf(there)
  if (beside === null) return { passOn: () => undefined, end: async () => undefined }
  const scratch = posix.join(beside, holdingName(there))
  // One who was killed meanwhile has left his.
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { mode: 0o700 })
  const waitingRoom = openWaitingRoom()
  const servers: Server[] = []
  for (const [index, path] of there.entries()) {
    const own = posix.join(scratch, `${index}`)
    servers.push(await listen(own, (socket) => waitingRoom.enter({ path, socket })))
    replace(path, own)
  }
  await Promise.all(there.map((_, index) => taken(posix.join(scratch, `${index}.old`))))
  return {
    passOn: waitingRoom.passOn,
    end: async (within) => {
      await waitingRoom.empty(within)
      for (const server of servers) server.close()
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

/** The folder that is there while connections to sockets wait: whoever was killed meanwhile leaves it. */
export function holdingFolder(paths: readonly string[]): string | null {
  const [path] = paths
  return path === undefined ? null : posix.join(posix.dirname(posix.dirname(path)), holdingName(paths))
}

function holdingName([path = '']: readonly string[]): string {
  return `.tsicorn-${posix.basename(posix.dirname(path))}`
}

function openWaitingRoom() {
  const open = new Set<Socket>()
  const waiting: Held[] = []
  let onHeld = (held: Held): void => void waiting.push(held)
  return {
    enter: (held: Held) => {
      const { socket } = held
      open.add(socket.once('close', () => open.delete(socket)).on('error', () => socket.destroy()))
      onHeld(held)
    },
    passOn: (targets: readonly string[]) => {
      onHeld = ({ path, socket }) => join(socket, targets.includes(path) ? path : (targets[0] ?? path))
      for (const held of waiting.splice(0)) onHeld(held)
    },
    empty: async (within: number) => {
      await until(() => (open.size === 0 ? true : null), { within })
      for (const socket of open) socket.destroy()
    },
  }
}

/** A directory beside that of the sockets, which is the application's; null where others than root write there too. */
function besideOf([path]: readonly string[]): string | null {
  if (path === undefined) return null
  try {
    const folder = trustedPath('', posix.dirname(path)).path
    const beside = posix.dirname(folder)
    // A rename does not leave a file system.
    return lstatSync(beside).dev === lstatSync(folder).dev ? beside : null
  } catch {
    return null
  }
}

async function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, onConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ path, backlog }, resolve)
  })
  return server
}

// The old socket keeps a name, so that it can be asked whether its queue is empty.
function replace(path: string, own: string): void {
  const { uid, gid, mode } = lstatSync(path)
  lchownSync(own, uid, gid)
  chmodSync(own, mode & 0o777)
  linkSync(path, `${own}.old`)
  renameSync(own, path)
}

// Connections are accepted in the order they came in: once this one is, none before it still waits.
async function taken(path: string): Promise<void> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  const socket = createConnection({ path }).once('close', over).on('error', over).resume()
  socket.end()
  await until(() => (isOver ? true : null), { within: takingPatience })
  socket.destroy()
}

function join(socket: Socket, path: string): void {
  const other = createConnection({ path, allowHalfOpen: true })
  const destroy = () => {
    socket.destroy()
    other.destroy()
  }
  other.on('error', destroy)
  socket.on('error', destroy)
  socket.pipe(other)
  other.pipe(socket)
}
