import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { quote } from '../../settings/escape.ts'
import type { Complaint } from '../../settings/resolve.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { accountRemarks, readAccounts } from './accounts.ts'
import { nameRemarks } from './names.ts'

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '/index.js', '/index.mjs', '/index.ts']

/** What is wrong with the application, as far as it is on this machine: the entry must be there. */
export function verifyApp({ app, workingDirectory }: SiteAnswers): readonly Complaint[] {
  if (!isDirectory(workingDirectory) || hasEntry(app, workingDirectory)) return []
  const hint = `no such file and no such package in ${workingDirectory}`
  return [{ source: 'app', setting: '', expected: 'the entry file of the application', got: quote(app), hint }]
}

/** What a person should know although the files can be written: they may be for another machine. */
export async function remarksOn(answers: SiteAnswers): Promise<readonly string[]> {
  const { workingDirectory, node, tsicorn, user } = answers
  const remarks: string[] = []
  const missing = [workingDirectory, node, tsicorn, ...answers.static.map(({ directory }) => directory)]
  for (const path of missing) {
    if (!exists(path)) remarks.push(`${path} is not on this machine; it must be on the host.`)
  }
  if ([workingDirectory, node, tsicorn].some((path) => path.startsWith('/root/')))
    remarks.push(`${user} cannot look into /root: move what the service needs, for instance to /srv and /opt.`)
  if (tsicorn.includes('/_npx/'))
    remarks.push('tsicorn runs from a cache of npx, which may be emptied: install it, and run init again.')
  return [...remarks, ...accountRemarks(answers, readAccounts()), ...(await nameRemarks(answers))]
}

function hasEntry(app: string, directory: string): boolean {
  // The export follows the last colon, which may also stand in a path.
  const paths = [app, app.replace(/:[^:/]*$/, '')]
  return paths.some((path) => isFileIn(directory, path) || isPackageIn(directory, path))
}

function isFileIn(directory: string, path: string): boolean {
  return endings.some((ending) => statOf(posix.resolve(directory, `${path}${ending}`))?.isFile())
}

function isPackageIn(directory: string, name: string): boolean {
  if (!/^(?:@[\w.-]+\/)?[\w-][\w./-]*$/.test(name)) return false
  // Resolving would refuse a package that exports to ESM only.
  const folders = createRequire(posix.join(directory, 'package.json')).resolve.paths(name) ?? []
  return folders.some((folder) => exists(posix.join(folder, name)))
}

function isDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false
}

function exists(path: string): boolean {
  return statOf(path) !== undefined
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    // No right to look is no reason to complain.
    return undefined
  }
}
