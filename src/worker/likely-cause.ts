type Cause = { readonly when: RegExp; readonly because: string; readonly fix: string }

/** What is usually behind an error that an application throws while it is loaded. The first that fits is told. */
const causes: readonly Cause[] = [
  {
    when: /ERR_MODULE_NOT_FOUND.*(?:Cannot find package)|MODULE_NOT_FOUND.*Cannot find module '(?![./])/s,
    because: 'a dependency is not installed where the application is',
    fix: 'Install the dependencies there: npm ci',
  },
  {
    when: /MODULE_NOT_FOUND/,
    because: 'a file it imports does not exist; perhaps the build was not run, or the import lacks its extension',
    fix: 'Build the application, and check the path of the import.',
  },
  {
    when: /Cannot use import statement outside a module|Unexpected token 'export'/,
    because: 'the file is written as an ES module and read as CommonJS',
    fix: 'Add "type": "module" to its package.json, or name it .mjs.',
  },
  {
    when: /(?:require|module|exports|__dirname|__filename) is not defined/,
    because: 'the file is written as CommonJS and read as an ES module',
    fix: 'Name it .cjs, or remove "type": "module" from its package.json.',
  },
  {
    when: /ERR_REQUIRE_ESM|ERR_REQUIRE_ASYNC_MODULE|require\(\) of ES Module/,
    because: 'a CommonJS file requires an ES module, which this version of Node cannot do',
    fix: 'Load it with await import(), or make the file an ES module.',
  },
  {
    when: /does not provide an export named/,
    because: 'one of its imports asks for an export that is not there',
    fix: 'Check the names in the import; a CommonJS package often has only a default export.',
  },
  {
    when: /NODE_MODULE_VERSION|ERR_DLOPEN_FAILED|invalid ELF header/,
    because: 'a native addon was built for another version of Node or another system',
    fix: 'Build it again with the node that runs here: npm rebuild',
  },
  {
    when: /NO_FORK/,
    because: 'it, or a package it uses, forks workers of its own',
    fix: 'Let tsicorn run them: give --workers N, and an APP that serves in the process that loads it.',
  },
  {
    when: /EADDRINUSE/,
    because: 'it listens on a port of its own, and every worker runs it: the second finds the port taken',
    fix: 'Let it listen once, with the HTTP server that is to be served, or run with --workers 1.',
  },
  {
    when: /ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/,
    because: 'a service that it needs at start cannot be reached',
    fix: 'Start that service first, and check its address in the environment of the application.',
  },
  {
    when: /EACCES|EPERM/,
    because: 'the user that runs the worker may not do that',
    fix: 'Check --user and the owner and mode of the file or directory.',
  },
]

/** Why, in words to follow "because"; null when nothing typical is seen. */
export function likelyCause(error: unknown): { readonly because: string; readonly fix: string } | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const text = `${code} ${error instanceof Error ? error.message : String(error)}`
  return causes.find(({ when }) => when.test(text)) ?? null
}
