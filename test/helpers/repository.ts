import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the repository. */
export const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** What a user starts: the built program, not the sources. */
export const launcher = join(repository, 'bin', 'tsicorn.js')

/**
 * The application in test/apps with this name, as `tsicorn` takes it: `echo` or `echo:EXPORT`.
 * Whatever holds a slash is left as it is.
 */
export function findApp(app: string): string {
  if (app.includes('/')) return app
  const [name = '', ...more] = app.split(':')
  const found = ['.js', '.mjs', '.cjs', '.ts', '/app.js', '']
    .map((ending) => join(repository, 'test', 'apps', name + ending))
    .find((path) => existsSync(path))
  if (found === undefined) throw new Error(`there is no application "${name}" in test/apps`)
  return [found, ...more].join(':')
}
