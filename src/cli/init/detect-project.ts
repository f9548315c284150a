import { statSync } from 'node:fs'
import { basename, join, normalize } from 'node:path'
import { siteName } from '../../settings/kinds/site-name.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'

/** What a package.json says, as far as it is one. */
export type Manifest = Readonly<Record<string, unknown>>

const usualEntries = ['app', 'server', 'index', 'main', 'src/app', 'src/server', 'src/index', 'src/main', 'dist/server']
const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts']

/** What the folder of an application tells: its name and its entry file. What is not found is left out. */
export function detectProject(directory: string, manifest: Manifest): Partial<SiteAnswers> {
  const name = siteNameFrom(manifest['name']) ?? siteNameFrom(basename(directory))
  const app = entryOf(directory, manifest)
  return {
    workingDirectory: directory,
    ...(name !== null && { name }),
    ...(app !== null && { app }),
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
  const candidates = [manifest['main'], startedBy(manifest['scripts']), ...usual]
  const found = candidates.find(
    (entry) => typeof entry === 'string' && isInside(entry) && isFile(join(directory, entry)),
  )
  return found === undefined ? null : `./${normalize(String(found))}`
}

// `node --enable-source-maps server.js` starts server.js.
function startedBy(scripts: unknown): string | null {
  const start = typeof scripts === 'object' && scripts !== null ? Reflect.get(scripts, 'start') : undefined
  return typeof start === 'string' ? (/^node (?:--\S+ )*(\S+\.[cm]?[jt]s)$/.exec(start)?.[1] ?? null) : null
}

function isInside(path: string): boolean {
  return !path.startsWith('/') && !normalize(path).startsWith('..')
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
