import { connect } from 'node:net'
import { type ControlAnswer, type ControlRequest, longestControlLine } from '../../contract/control.ts'
import { Failure } from '../../contract/errors.ts'

/** Sends one request to a running master and returns its answer, however long that takes. Throws Failure when nobody answers. */
export function askMaster(path: string, request: ControlRequest): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    let text = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (part: string) => {
      text += part
      if (text.length > longestControlLine) socket.destroy(new Error('the answer is too long'))
      const end = text.indexOf('\n')
      if (end < 0) return
      resolve(JSON.parse(text.slice(0, end)) as ControlAnswer)
      socket.destroy()
    })
    socket.on('error', (error) => reject(unreachable(path, error)))
    socket.on('close', () => reject(new Failure('FAILURE', `${path}: the master went away without an answer`)))
  })
}

function unreachable(path: string, error: NodeJS.ErrnoException): Failure {
  const why = {
    ENOENT: 'there is no such socket',
    ECONNREFUSED: 'no server listens on it any more',
    EACCES: 'it is for root and the owner of the server only',
  }[error.code ?? '']
  const fix = error.code === 'EACCES' ? 'use sudo' : 'is the server running, with this path as --control-socket?'
  return new Failure('FAILURE', `cannot ask the master at ${path}: ${why ?? error.message}`, { fix })
}
