import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../helpers/repository.ts'
import type { LineId } from './contract.ts'

export type Framework = {
  readonly id: string
  /** How the application is given to the server, for the reader of the grid. */
  readonly form: string
  /** The module, seen from test/apps/grid. */
  readonly app: string
  /** The package whose version is told; null where there is none but Node.js. */
  readonly package: string | null
  /** What its documentation says to set for production. */
  readonly env?: Readonly<Record<string, string>>
  /** What cannot be asked of it, and why. */
  readonly without: Partial<Readonly<Record<LineId, string>>>
}

const sockets = (why: string): Framework['without'] => ({
  'ws-echo': why,
  'ws-push': why,
  'ws-close': why,
  goodbye: why,
})

const plain = { package: null, without: {} } as const

/** Forms of application that need no framework. */
const forms: readonly Framework[] = [
  {
    ...{
      id: 'listener',
      form: 'a request listener; startup and shutdown exported',
      app: 'listener.mjs',
      package: null,
    },
    without: sockets('a request listener sees no upgrades; export the http.Server it belongs to'),
  },
  { ...plain, id: 'server', form: 'an http.Server from an async function, CommonJS', app: 'server.cjs' },
  { ...plain, id: 'listens', form: 'forks with node:cluster and calls listen()', app: 'listens.mjs' },
  { ...plain, id: 'factory', form: 'an async factory', app: 'factory.mjs' },
  { ...plain, id: 'typescript', form: 'a TypeScript file with an http.Server', app: 'typescript.ts' },
  {
    ...{ id: 'fetch', form: 'an object with fetch(), as Bun and Deno have it', app: 'fetch.mjs', package: null },
    without: sockets('a Response cannot become a WebSocket; Bun and Deno each have a way of their own'),
  },
]

/** Frameworks that need no build. */
const light: readonly Framework[] = [
  {
    id: 'express',
    form: 'an http.Server around the application',
    app: 'express.mjs:server',
    package: 'express',
    without: {},
  },
  { id: 'express4', form: 'calls listen() itself', app: 'express4.mjs', package: 'express4', without: {} },
  { id: 'koa', form: 'an http.Server around callback()', app: 'koa.mjs', package: 'koa', without: {} },
  { id: 'fastify', form: 'the instance, with its hooks', app: 'fastify.mjs', package: 'fastify', without: {} },
  { id: 'nest', form: 'a TypeScript bootstrap function', app: 'nest.ts', package: '@nestjs/core', without: {} },
  {
    ...{ id: 'hono', form: 'the application as default export', app: 'hono.mjs', package: 'hono' },
    without: sockets('without an adapter Hono has no WebSockets on Node.js; see hono-node'),
  },
  { id: 'hono-node', form: 'serve() of its adapter', app: 'hono-node.mjs', package: '@hono/node-server', without: {} },
  { id: 'h3', form: 'serve(), with crossws', app: 'h3.mjs', package: 'h3', without: {} },
]

/** What `npm test` runs, in the order of the grid. */
export const lightFrameworks: readonly Framework[] = [...forms, ...light]

export type Built = Framework & {
  /** The folder with its manifest, in test/apps/grid, and what it is built to. */
  readonly folder: string
  readonly entry: string
}

/** Frameworks with a build, whose packages are installed for the grid alone. */
export const builtFrameworks: readonly Built[] = [
  {
    ...{ id: 'next', form: 'server.js of the standalone output', package: 'next', app: '' },
    env: { NEXT_MANUAL_SIG_HANDLE: 'true' },
    ...{ folder: 'next', entry: '.next/standalone/server.js' },
    without: sockets('Next has no WebSockets'),
  },
  {
    ...{ id: 'sveltekit', form: 'index.js of adapter-node', package: '@sveltejs/kit', app: '' },
    env: { BODY_SIZE_LIMIT: '16M' },
    ...{ folder: 'sveltekit', entry: 'build/index.js' },
    without: sockets('adapter-node has no WebSockets'),
  },
  {
    ...{ id: 'nitro', form: 'index.mjs of the node-server output, as Nuxt has it', package: 'nitropack', app: '' },
    ...{ folder: 'nitro', entry: '.output/server/index.mjs', without: {} },
  },
]

/** A Node.js that runs TypeScript as it stands. */
export const native: Framework & { readonly major: number } = {
  ...{ id: 'node24', form: 'the same TypeScript file, its types stripped by Node.js 24', app: 'typescript.ts' },
  ...{ package: null, without: {}, major: 24 },
}

/** The columns of the grid. */
export const allFrameworks: readonly Framework[] = [...lightFrameworks, native, ...builtFrameworks]

export const apps = join(repository, 'test', 'apps', 'grid')

/** The version of the package as it is installed for a framework; null where it is not, or there is none. */
export function versionOf(framework: Framework, folder = repository): string | null {
  const manifest = join(folder, 'node_modules', framework.package ?? '', 'package.json')
  if (framework.package === null || !existsSync(manifest)) return null
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
