import { makeCertificate } from '../helpers/certificates.ts'
import { countDescriptors, residentBytes } from '../helpers/process-figures.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

/** The servers that are fuzzed: one for HTTP/1.1, one behind balancers, one with TLS. */
export type Subject = AsyncDisposable & {
  readonly plain: Server
  readonly announced: Server
  readonly encrypted: Server
  readonly servers: readonly Server[]
}

export async function startSubject(): Promise<Subject> {
  const dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'fuzz')
  const common = { app: 'swallow', bind: 'unix' } as const
  const tcp = ['--bind', '127.0.0.1:0', '-w', '1']
  const [plain, announced, encrypted] = await Promise.all([
    startServer({ ...common, flags: tcp }),
    startServer({ ...common, flags: [...tcp, '--proxy-protocol', 'auto', '--proxy-allow-from', '127.0.0.1'] }),
    startServer({
      ...common,
      flags: [...tcp, '--certfile', certfile, '--keyfile', keyfile, '--http-protocols', 'h1,h2'],
    }),
  ])
  const servers = [plain, announced, encrypted]
  return {
    ...{ plain, announced, encrypted, servers },
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

export type Figures = { readonly pid: number; readonly resident: number; readonly descriptors: number }

export function figuresOf(server: Server): Figures {
  const pid = server.workers()[0] ?? 0
  return { pid, resident: residentBytes(pid), descriptors: countDescriptors(pid) }
}
