import assert from 'node:assert/strict'
import { test } from 'node:test'
import { likelyCause } from '../../../src/worker/likely-cause.ts'

function error(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}

const errors: readonly (readonly [error: unknown, because: RegExp | null])[] = [
  [
    error("Cannot find package 'pg' imported from /srv/app/db.js", 'ERR_MODULE_NOT_FOUND'),
    /dependency is not installed/,
  ],
  [
    error("Cannot find module 'pg'\nRequire stack:\n- /srv/app/db.js", 'MODULE_NOT_FOUND'),
    /dependency is not installed/,
  ],
  [error("Cannot find module './db'\nRequire stack:\n- /srv/app/app.js", 'MODULE_NOT_FOUND'), /build was not run/],
  [
    error("Cannot find module '/srv/app/dist/db' imported from /srv/app/app.js", 'ERR_MODULE_NOT_FOUND'),
    /build was not run/,
  ],
  [error('Cannot use import statement outside a module'), /written as an ES module/],
  [error("Unexpected token 'export'"), /written as an ES module/],
  [error('require is not defined in ES module scope'), /written as CommonJS/],
  [error('module is not defined'), /written as CommonJS/],
  [error('require() of ES Module /srv/x.js not supported', 'ERR_REQUIRE_ESM'), /requires an ES module/],
  [error("The requested module './db.js' does not provide an export named 'pool'"), /export that is not there/],
  [
    error('was compiled against a different Node.js version using NODE_MODULE_VERSION 108', 'ERR_DLOPEN_FAILED'),
    /native addon/,
  ],
  [error('cluster.fork() was called', 'NO_FORK'), /forks workers of its own/],
  [error('listen EADDRINUSE: address already in use :::9100', 'EADDRINUSE'), /port of its own/],
  [error('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'), /cannot be reached/],
  [error("EACCES: permission denied, open '/etc/app/key'", 'EACCES'), /user that runs the worker/],
  [error("Cannot find package '@/db' imported from /srv/app/app.ts", 'ERR_MODULE_NOT_FOUND'), /alias of tsconfig/],
  [error("Cannot find package '@scope/db' imported from /srv/app/app.ts", 'ERR_MODULE_NOT_FOUND'), /not installed/],
  [error('Module "x.json" needs an import attribute', 'ERR_IMPORT_ATTRIBUTE_MISSING'), /JSON file/],
  [error('Invalid URL', 'ERR_INVALID_URL'), /no URL; perhaps the environment variable/],
  [error('Unknown file extension ".jsx" for /srv/app.jsx', 'ERR_UNKNOWN_FILE_EXTENSION'), /such as JSX/],
  [new SyntaxError("Unexpected token '<'"), /such as JSX/],
  [new SyntaxError("Unexpected identifier 'A'"), /TypeScript in a file that is named as JavaScript/],
  [new SyntaxError('Missing initializer in const declaration'), /TypeScript in a file/],
  [error('DATABASE_URL is required'), /environment variable/],
  [error('SESSION_SECRET must be at least 32 characters'), /environment variable/],
  [error('Missing required environment variable: PORT'), /environment variable/],
  [error('Please set API_KEY'), /environment variable/],
  [
    error("ENOENT: no such file or directory, open 'config.yml'", 'ENOENT'),
    /relative paths are taken from the working/,
  ],
  [error('The "path" argument must be of type string. Received undefined', 'ERR_INVALID_ARG_TYPE'), null],
  [
    error('process.chdir() is not supported in workers', 'ERR_WORKER_UNSUPPORTED_OPERATION'),
    /share its working directory/,
  ],
  [error("Module did not self-register: '/srv/app/a.node'", 'ERR_DLOPEN_FAILED'), /runs in a thread/],
  [error('something of its own'), null],
  ['text', null],
]

for (const [thrown, because] of errors) {
  test(`${because === null ? 'nothing is guessed' : 'the likely cause is told'} for ${String(thrown).slice(0, 60)}`, () => {
    const cause = likelyCause(thrown)
    if (because === null) assert.equal(cause, null)
    else assert.match(cause?.because ?? '', because)
  })
}
