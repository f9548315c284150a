import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findProgram, proxyBuild } from '../../deploy/programs.ts'
import type { Machine } from '../../deploy/rehearsal.ts'
import { type ProxyName, proxies } from '../../settings/proxies.ts'
import type { Context } from '../context.ts'

/** The same place from src/ and from dist/. */
const launcher = fileURLToPath(new URL('../../../bin/tsicorn.js', import.meta.url))

/** What this machine has for a rehearsal. */
export async function lookAround({ env }: Pick<Context, 'env'>, proxy: ProxyName): Promise<Machine> {
  const path = env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
  const [binary, openssl] = await Promise.all([findProgram(proxies[proxy].program, path), findProgram('openssl', path)])
  const build = binary === null ? null : await proxyBuild(proxy, binary)
  return {
    environment: env,
    temporary: tmpdir(),
    isRoot: process.getuid?.() === 0,
    node: process.execPath,
    launcher,
    front: binary === null || build?.version == null ? null : { ...build, name: proxy, binary, version: build.version },
    openssl,
  }
}
