import { environmentPairs } from '../kinds/environment-pair.ts'
import { applicationSpec } from '../kinds/names.ts'
import { optional } from '../kinds/optional.ts'
import { path } from '../kinds/path.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** What is run, where, and with which variables. */
export const applicationSettings = {
  app: setting({
    section: 'Application',
    kind: optional(applicationSpec),
    default: null,
    positional: true,
    synonyms: ['application', 'wsgiApp', 'script', 'main', 'entry'],
    summary: 'the application: PATH[:EXPORT] or PACKAGE[:EXPORT]',
    details: `A path begins with ./, ../ or /; anything else is tried as a file first and then as a package. TypeScript files load too.

Without EXPORT the first of these is taken: default, app, handler, server. It may be a request listener, an Express, Koa, Fastify, Nest or Hono application, an http.Server, a fetch handler (an object with a fetch method), or a function, async or not, that returns one of these. A module that calls listen() itself works as well.

A module may also export startup and shutdown, functions without arguments, async or not. startup is called once the module is loaded, and the worker is ready only when it is over, within the boot timeout; when it throws, the application counts as failed to load. shutdown is called once all requests are answered, and has what is left of the graceful timeout. Without a shutdown, what the application does on SIGTERM is done then, and a Fastify or Nest application is closed.

The argument on the command line wins over an app that stands elsewhere.`,
    takesEffect: 'reload',
  }),
  chdir: setting({
    section: 'Application',
    kind: optional(path({ placeholder: 'DIR', expects: 'a directory' })),
    default: null,
    synonyms: ['cwd', 'directory', 'workingDirectory'],
    summary: 'change to this directory before anything else',
    details: `As with make -C, the change comes first: the config file is looked for there, and every other relative path, on the command line, in the environment or in the config file, is taken from there. A chdir in the config file cannot move the search for that file, but moves all the other paths.

A relative chdir is taken from the directory tsicorn was started in.`,
    takesEffect: 'reload',
  }),
  env: setting({
    section: 'Application',
    kind: environmentPairs,
    default: [],
    short: 'e',
    secret: true,
    synonyms: ['rawEnv', 'environment'],
    summary: 'set an environment variable for the application',
    details: `Goes to the workers only, over whatever the environment of the master holds. Values are never printed or logged. Of two values for one name the last counts.

A value on the command line can be seen by every user of the machine with ps; a secret belongs in the environment of the service or in a file that only root reads.`,
    takesEffect: 'reload',
  }),
  envFile: setting({
    section: 'Application',
    kind: optional(path({ placeholder: 'FILE', expects: 'a file of NAME=VALUE lines' })),
    default: null,
    synonyms: ['dotenv', 'environmentFile'],
    summary: 'set environment variables for the application from a file, read anew for each worker',
    details: `A reload brings changes of the file into effect, which those of a service's own environment need a restart for. Values may be quoted; # begins a comment. What --env sets wins over the file, and the file over the environment of the master.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
