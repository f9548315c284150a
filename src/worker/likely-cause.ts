type Cause = { readonly when: RegExp; readonly because: string; readonly fix: string }

/** A name in capitals beside words for what is lacking, as applications and their checks of the environment write it. */
const aboutVariable =
  /(?:^|: )(?!ERR_)(?:[^A-Z]*|.* )[A-Z]\w*_[A-Z\d_]+\b.*(?:required|missing|undefined|empty|not (?:set|defined|found|provided)|must be|invalid)|(?:[Mm]issing|[Rr]equired?|[Uu]ndefined|[Ss]et)\b.*\b[A-Z]+_[A-Z_]+\b|[Ee]nvironment variable/

/** What is usually behind an error that an application throws while it is loaded. The first that fits is told. */
const causes: readonly Cause[] = [
  {
    when: /process\.chdir\(\) is not supported in workers/,
    because: 'the threads of a worker share its working directory, so none of them may change it',
    fix: 'Name the directory with --chdir DIR, or run workers instead of threads: --workers N',
  },
  {
    when: /is not supported in workers|did not self-register/,
    because: 'it needs a process of its own, and runs in a thread',
    fix: 'Run workers instead of threads: --workers N',
  },
  {
    when: /Cannot find (?:package|module) '[@~]\//,
    because: 'an import goes by an alias of tsconfig.json, which only the compiler and bundlers know',
    fix: 'Build the application with what resolves it, or use "imports" of package.json, whose names begin with #.',
  },
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
    when: /ERR_IMPORT_(?:ATTRIBUTE|ASSERTION_TYPE)_MISSING/,
    because: 'a JSON file is imported as if it were a module',
    fix: "Import it with { type: 'json' }: import data from './data.json' with { type: 'json' }",
  },
  {
    when: /ERR_UNKNOWN_FILE_EXTENSION|SyntaxError: Unexpected token '<'/,
    because: 'the file is in a language that Node.js does not read, such as JSX',
    fix: 'Build the application, and name what the build makes.',
  },
  {
    when: /SyntaxError: (?:Unexpected identifier|Unexpected token|Missing initializer|Unexpected strict mode|missing \))/,
    because: 'a slip in the code, or TypeScript in a file that is named as JavaScript',
    fix: 'Look at that line; TypeScript belongs in a file that ends in .ts, or has to be built.',
  },
  {
    when: /ERR_INVALID_URL/,
    because: 'an address that it is given is no URL; perhaps the environment variable for it is not set here',
    fix: 'Set it with --env NAME=VALUE or --env-file FILE; a service does not have the environment of your shell.',
  },
  {
    when: aboutVariable,
    because: 'an environment variable that it needs is not set here',
    fix: 'Set it with --env NAME=VALUE or --env-file FILE; a service does not have the environment of your shell.',
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
    when: /ENOENT/,
    because: 'a file that it needs is not there; relative paths are taken from the working directory',
    fix: 'Check the path, and where the server runs: --chdir DIR',
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
  const text = `${code} ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`
  return causes.find(({ when }) => when.test(text)) ?? null
}
