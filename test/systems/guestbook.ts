import { cpSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { repository } from '../helpers/repository.ts'
import { layer } from './layer-cache.ts'
import { digestOfFolder, npm } from './layers.ts'

/** What is joined still asks for Node's own modules as CommonJS does. */
const banner = "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)"

/** The guestbook as its developers would copy it to a server, dependencies included. */
export function guestbook(): Promise<string> {
  const source = join(repository, 'test/apps/guestbook')
  return layer('guestbook', digestOfFolder(source), async (folder) => {
    const home = join(folder, 'srv/guestbook')
    cpSync(source, home, { recursive: true })
    await npm(['install', '--omit=dev', '--prefix', home])
  })
}

/** The same with all it imports in app.js, and nothing beside: an emulated processor loads hundreds of files in twice the time. */
export async function guestbookInOneFile(): Promise<string> {
  const source = await guestbook()
  return layer('guestbook-joined', `${basename(source)} ${banner}`, async (folder) => {
    cpSync(source, folder, { recursive: true })
    const home = join(folder, 'srv/guestbook')
    const app = join(home, 'app.js')
    const shape = { bundle: true, platform: 'node', format: 'esm', banner: { js: banner } } as const
    await build({ ...shape, entryPoints: [app], outfile: app, allowOverwrite: true, logLevel: 'error' })
    rmSync(join(home, 'node_modules'), { recursive: true })
  })
}
