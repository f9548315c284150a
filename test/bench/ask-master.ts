import net from 'node:net'
import type { ControlAnswer, StatusView } from '../../src/contract/control.ts'

/** The status that a master tells over its control socket. */
export function askMaster(path: string): Promise<StatusView> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => socket.write('{"command":"status"}\n'))
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (!text.includes('\n')) return
      socket.destroy()
      const answer = JSON.parse(text) as ControlAnswer
      if (answer.ok) resolve(answer.view as StatusView)
      else reject(new Error(answer.message))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the master ended the conversation')))
  })
}
