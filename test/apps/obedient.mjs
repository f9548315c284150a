// Does what the path says: /sleep/MS, /block/MS, /exit/STATUS, /hog/MEGABYTES, /throw, /reject; then tells the pid, how many
// bytes came, and from where.

const orders = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  block: (ms) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  },
  exit: (status) => process.exit(status),
  hog: (megabytes) => Array.from({ length: megabytes }, () => Buffer.alloc(1 << 20, 1)),
  throw: () => {
    setImmediate(() => {
      throw new Error('thrown as told')
    })
    return new Promise(() => {})
  },
  reject: () => {
    void Promise.reject(new Error('rejected as told'))
    return new Promise(() => {})
  },
}

export default async function obey(request, response) {
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  const [, order, number] = request.url.split('/')
  await orders[order]?.(Number(number))
  response.setHeader('content-type', 'application/json')
  const { remoteAddress: from, encrypted = false } = request.socket
  response.end(
    JSON.stringify({ pid: process.pid, bytes, from, encrypted, secret: process.env.SECRET_OF_THE_DAY ?? null }),
  )
}
