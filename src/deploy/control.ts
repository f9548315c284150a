import { connect } from 'node:net'
import type { ControlAnswer, ControlRequest } from '../contract/control.ts'

/** Asks the master one thing over its control socket. Rejects when nobody answers in time. */
export function askControl(path: string, request: ControlRequest, within = 5000): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    let text = ''
    socket.setEncoding('utf8').setTimeout(within, () => socket.destroy(new Error(`no answer within ${within} ms`)))
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (part: string) => {
      text += part
      const end = text.indexOf('\n')
      if (end < 0) return
      resolve(JSON.parse(text.slice(0, end)) as ControlAnswer)
      socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the master went away without an answer')))
  })
}
