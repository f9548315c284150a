// Loads when the file named by GATE is there; then tells its pid, and waits with the answer to /wait until the file named by OPEN is there.
import { existsSync } from 'node:fs'

const thereIs = async (path) => {
  while (path !== undefined && !existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10))
}

await thereIs(process.env.GATE)

export default async function answer(request, response) {
  request.resume()
  if (request.url === '/wait') await thereIs(process.env.OPEN)
  response.end(String(process.pid))
}
