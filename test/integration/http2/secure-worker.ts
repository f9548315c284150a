import { after, before } from 'node:test'
import { makeCertificate } from '../../helpers/certificates.ts'
import { type Serving, serving } from '../../helpers/serving-worker.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'

/** A worker that speaks HTTP/1.1 and HTTP/2 over TLS, there as long as the tests of the file run. */
export function secureWorker(app: string): { readonly port: () => number; readonly log: () => string } {
  let dir: TempDir
  let server: Serving
  before(async () => {
    dir = await tempDir()
    const { certfile, keyfile } = await makeCertificate(dir, 'site')
    server = await serving(app, { certfile, keyfile, httpProtocols: ['h1', 'h2'] })
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })
  return { port: () => (server.listener.target as { port: number }).port, log: () => server.worker.log() }
}
