import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { launcher } from '../helpers/repository.ts'
import type { DeployHost } from './deploy-host.ts'

/** A project with a bundle, and somebody who answers where nginx would: on this host there is only its configuration. */
export type DeployProject = AsyncDisposable & {
  readonly path: string
  /** Writes the bundle anew with more flags of init. */
  readonly init: (...flags: readonly string[]) => Promise<void>
  /** What the site answers from now on. */
  readonly answer: (status: number) => void
}

/** Makes a project named `name` on a host, without TLS unless the flags say otherwise. */
export async function deployProject(host: DeployHost, name = 'demo'): Promise<DeployProject> {
  let status = 200
  const server = createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const path = host.dir.join(name)
  await host.dir.write(`${name}/package.json`, '{ "type": "module" }\n')
  await host.dir.write(`${name}/app.js`, "export default (_request, response) => response.end('hello')\n")
  const init = async (...flags: readonly string[]) => {
    const usual = ['--yes', '--force', '--name', name, '--tls', 'off', '--http-listen', `127.0.0.1:${port}`]
    const { code, stderr } = await host.run([process.execPath, launcher, 'init', path, ...usual, ...flags])
    if (code !== 0) throw new Error(`init ended with ${code}: ${stderr}`)
  }
  await init()
  return {
    ...{ path, init },
    answer: (other) => {
      status = other
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
