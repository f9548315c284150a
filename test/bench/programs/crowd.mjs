// `crowd.mjs PATH COUNT REQUESTS`: opens so many connections to a unix socket, asks once on each, prints `open`, and for
// each line it reads sends REQUESTS requests spread over all of them, sixteen at a time, and prints `done`.
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const [path, count, requests] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const text = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const sockets = []

for (let opened = 0; opened < count; opened += 16) {
  const some = Array.from({ length: Math.min(16, count - opened) }, () => connect(path))
  await Promise.all(some.map((socket) => ask(socket)))
  sockets.push(...some)
}
process.stdout.write('open\n')
for await (const _ of createInterface({ input: process.stdin })) {
  const lanes = Math.min(16, count)
  const run = async (lane) => {
    const own = sockets.filter((_socket, index) => index % lanes === lane)
    for (let asked = 0; asked < requests / lanes; asked += 1) await ask(own[asked % own.length])
  }
  await Promise.all(Array.from({ length: lanes }, (_none, lane) => run(lane)))
  process.stdout.write('done\n')
}
process.exit(0)

function ask(socket) {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', () => {
      socket.off('error', reject)
      resolve()
    })
    socket.write(text)
  })
}
