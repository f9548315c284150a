export type Room = {
  readonly rooms: readonly string[]
  readonly packages: readonly string[]
  /** Modules of Node.js that would break the room's one sentence. `*` is all of them. */
  readonly not: readonly string[]
}

const pure = [
  'child_process',
  'cluster',
  'dgram',
  'fs/promises',
  'http',
  'http2',
  'https',
  'net',
  'tls',
  'worker_threads',
]

/** What each room of src may import: other rooms, and packages. */
export const plan: Readonly<Record<string, Room>> = {
  contract: { rooms: [], packages: [], not: ['*'] },
  settings: { rooms: ['contract'], packages: ['jiti'], not: ['child_process', 'cluster'] },
  log: { rooms: ['contract', 'settings'], packages: ['pino-pretty'], not: ['child_process'] },
  system: { rooms: ['contract'], packages: ['koffi'], not: [] },
  metrics: { rooms: ['contract', 'settings'], packages: [], not: ['child_process'] },
  http: {
    rooms: ['contract', 'settings', 'log'],
    packages: ['srvx', '@hono/node-server'],
    not: ['child_process', 'cluster'],
  },
  worker: { rooms: ['contract', 'settings', 'log', 'system', 'http'], packages: [], not: [] },
  arbiter: {
    rooms: ['contract', 'settings', 'log', 'system', 'metrics'],
    packages: [],
    not: ['http', 'http2', 'https'],
  },
  bundle: { rooms: ['contract', 'settings'], packages: ['handlebars'], not: pure },
  deploy: { rooms: ['contract', 'settings', 'bundle'], packages: ['execa', 'nginx-conf'], not: [] },
  cli: {
    rooms: ['contract', 'settings', 'log', 'system', 'metrics', 'arbiter', 'bundle', 'deploy'],
    packages: ['commander', 'inquirer'],
    not: [],
  },
}

/** What the package offers to importers: the types of a config file, and which request is being served. */
export const doors = ['src/index.ts', 'src/request.ts']
export const door: Room = { rooms: ['contract', 'settings'], packages: [], not: [] }

/** The only files that may touch process.env, process.argv and process.exit. */
export const mains = ['src/cli/main.ts', 'src/arbiter/main.ts', 'src/worker/main.ts']

/** The only files that may import what they do not know by name. */
export const loaders = ['src/settings/load-module.ts', 'src/worker/load.ts']

/** The one file behind which foreign functions are called. */
export const foreign = { package: 'koffi', file: 'src/system/libc.ts' }

export const forbiddenFolders = ['utils', 'common', 'helpers', 'lib', 'core', 'shared']

export const limits = { fileLines: 200, functionLines: 40 } as const

/** Files that may be longer, each with its reason. */
export const longFiles: Readonly<Record<string, string>> = {}

/** Functions that may be longer, by file, each with its reason; Biome's comment stands above them. */
export const longFunctions: Readonly<Record<string, string>> = {}

/** The only files of the serving rooms that may tell the time of day: what they write is read by people and clients. */
export const wallClocks = ['src/arbiter/measures.ts', 'src/http/access-witness.ts', 'src/http/refuse.ts']

/** Files in test/ that may set a timer, each with its reason. */
export const timers: Readonly<Record<string, string>> = {
  'test/helpers/until.ts': 'the one wait',
  'test/bench/programs/generator.mjs': 'sends requests at moments laid down beforehand',
  'test/helpers/load.ts': 'sends requests at a steady pace',
  'test/bench/one-worker.mjs': 'sends requests at a steady pace',
  'test/helpers/pause.ts': 'the pace of clients that count their requests',
}

export const topLevel = [
  ...['package.json', 'tsconfig.json', 'src', 'templates', 'bin', 'test', 'vagrant', 'README.md'],
  ...['package-lock.json', 'LICENSE', 'CHANGELOG.md'],
]
