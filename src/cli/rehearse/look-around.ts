import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findProgram, nginxBuild } from '../../deploy/programs.ts'
import type { Machine } from '../../deploy/rehearsal.ts'
import type { Context } from '../context.ts'

/** The same place from src/ and from dist/. */
const launcher = fileURLToPath(new URL('../../../bin/tsicorn.js', import.meta.url))

/** What this machine has for a rehearsal. */
export async function lookAround({ env }: Pick<Context, 'env'>): Promise<Machine> {
  const path = env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
  const [nginx, openssl] = await Promise.all([findProgram('nginx', path), findProgram('openssl', path)])
  const build = nginx === null ? null : await nginxBuild(nginx)
  return {
    environment: env,
    temporary: tmpdir(),
    isRoot: process.getuid?.() === 0,
    node: process.execPath,
    launcher,
    nginx: nginx === null || build?.version == null ? null : { ...build, binary: nginx, version: build.version },
    openssl,
  }
}
