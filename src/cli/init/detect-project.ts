import { statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { siteName } from '../../settings/kinds/site-name.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'

/** What a package.json says, as far as it is one. */
export type Manifest = Readonly<Record<string, unknown>>

const usualEntries = ['app', 'server', 'index', 'main', 'src/app', 'src/server', 'src/index', 'src/main', 'dist/server']
const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts']

/** What the folder of an application tells: its name, its entry file and its package manager. What is not found is left out. */
export function detectProject(directory: string, manifest: Manifest): Partial<SiteAnswers> {
  const name = siteNameFrom(manifest['name']) ?? siteNameFrom(basename(directory))
  const app = entryOf(directory, manifest)
  return {
    workingDirectory: directory,
    ...(name !== null && { name }),
    ...(app !== null && { app }),
    ...packageManagerOf(directory),
  }
}

// `@shop/Web_Front` becomes `web-front`.
function siteNameFrom(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const words =
    text
      .replace(/^@[^/]*\//, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  const name = words
    .join('-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 31)
    .replace(/-$/, '')
  const fallback = `${name.slice(0, 27)}-app`
  return [name, fallback].find((candidate) => siteName.parse(candidate).ok) ?? null
}

function entryOf(directory: string, manifest: Manifest): string | null {
  const usual = usualEntries.flatMap((entry) => extensions.map((extension) => `${entry}${extension}`))
  const candidates = [manifest['main'], startedBy(directory, manifest['scripts']), ...usual]
  const found = candidates.find(
    (entry) => typeof entry === 'string' && isInside(entry) && isFile(join(directory, entry)),
  )
  return found === undefined ? null : `./${normalize(String(found))}`
}

// `node --enable-source-maps server.js` starts server.js, and so does `NODE_ENV=production tsx ./server`.
function startedBy(directory: string, scripts: unknown): string | null {
  const start = typeof scripts === 'object' && scripts !== null ? Reflect.get(scripts, 'start') : undefined
  if (typeof start !== 'string') return null
  const command = /^(?:[A-Z_]+=\S+ +)*(?:cross-env +(?:[A-Z_]+=\S+ +)*)?(?:node|tsx|ts-node)((?: +\S+)+)$/.exec(
    start.trim(),
  )
  // A flag's value may stand apart from it, as in `--import tsx`: the entry is the word that is a file.
  const words = command?.[1]?.trim().split(/ +/) ?? []
  const entries = words
    .filter((word) => !word.startsWith('-'))
    .flatMap((word) => ['', ...extensions].map((end) => word + end))
  return entries.find((entry) => isInside(entry) && isFile(join(directory, entry))) ?? null
}

// In the order of how much each says about an application: Nest brings Express along, and Next brings React.
const frameworks = ['next', '@nestjs/core', 'fastify', 'hono', 'koa', '@hapi/hapi', 'h3', 'express'] as const

/** The framework a package.json depends on, with the version it asks for, or null. */
export function frameworkOf(manifest: Manifest): string | null {
  const wanted = manifest['dependencies']
  if (typeof wanted !== 'object' || wanted === null) return null
  const found = frameworks.find((name) => Object.hasOwn(wanted, name))
  return found === undefined ? null : `${found} ${String(Reflect.get(wanted, found)).slice(0, 40)}`
}

const lockFiles = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
] as const

// A lock file also stands at the top of a workspace.
function packageManagerOf(directory: string): Partial<SiteAnswers> {
  const found = lockFiles.find(([file]) => [directory, dirname(directory)].some((folder) => isFile(join(folder, file))))
  return found === undefined ? {} : { packageManager: found[1] }
}

function isInside(path: string): boolean {
  return !path.startsWith('/') && !normalize(path).startsWith('..')
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
