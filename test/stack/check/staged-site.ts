import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadBundle } from '../../../src/cli/deploy/load-bundle.ts'
import type { CheckReport } from '../../../src/contract/check-report.ts'
import { layerRuns } from '../../../src/deploy/check-layers.ts'
import type { SiteAnswers } from '../../../src/settings/site-table.ts'
import { cleanEnvironment } from '../../helpers/clean-environment.ts'
import { launcher } from '../../helpers/repository.ts'
import { type ProgramResult, runProgram } from '../../helpers/run-program.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

/** A project with its bundle, deployed into a staging directory. */
export type StagedSite = AsyncDisposable & {
  readonly project: string
  readonly image: string
  readonly answers: SiteAnswers
  /** Changes a file of the bundle and its installed copy alike; false when that changes nothing. */
  readonly alter: (ending: string, change: (content: string) => string) => boolean
  /** Puts every file back as it was deployed. */
  readonly restore: () => void
  readonly check: () => Promise<CheckReport>
  /** Pastes a command into a shell. */
  readonly paste: (command: string) => Promise<ProgramResult>
}

/** Makes a site with these flags of init. */
export async function stagedSite(flags: readonly string[]): Promise<StagedSite> {
  const dir = await tempDir()
  await dir.write('project/package.json', '{ "type": "module" }\n')
  await dir.write('project/app.js', "export default (_request, response) => response.end('hello')\n")
  await dir.write('project/static/a.txt', 'hello\n')
  await dir.write('bin/tsicorn', `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`, 0o755)
  const [project, image] = [dir.join('project'), dir.join('image')]
  mkdirSync(image)
  const env = cleanEnvironment({ PATH: `${dir.join('bin')}:${process.env['PATH']}:/usr/sbin:/sbin` })
  const paste = (command: string) => runProgram('sh', ['-ec', command], { env, cwd: '/', within: 120_000 })
  const given = flags.map((flag) => `'${flag}'`).join(' ')
  for (const command of [`init ${project} --yes ${given}`, `deploy ${project} --root ${image}`]) {
    const { code, stdout, stderr } = await paste(`tsicorn ${command}`)
    if (code !== 0) throw new Error(`tsicorn ${command} ended with ${code}: ${stdout}${stderr}`)
  }
  const bundle = await loadBundle(project, { cwd: '/' })
  const paths = bundle.files.flatMap(({ path }) => [join(project, 'deploy', path), join(image, path)])
  const before = new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
  return {
    ...{ project, image, answers: bundle.answers, paste },
    alter: (ending, change) => alterAll(paths, ending, change),
    restore: () => {
      for (const [path, content] of before) writeFileSync(path, content)
    },
    check: () => checkFiles(project, image),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  }
}

async function checkFiles(project: string, image: string): Promise<CheckReport> {
  const { answers, files, directory } = await loadBundle(project, { cwd: '/' })
  const own = { node: process.execPath, launcher }
  const [run] = layerRuns({
    ...{ answers, files, directory, root: image, layers: ['files'], path: `${process.env['PATH']}:/usr/sbin:/sbin` },
    ...{ isRoot: process.getuid?.() === 0, version: '0.0.0', own },
  })
  if (run === undefined) throw new Error('there is no layer of files')
  return run.run({})
}

function alterAll(paths: readonly string[], ending: string, change: (content: string) => string): boolean {
  const found = paths.filter((path) => path.endsWith(ending))
  const changed = found.map((path) => [path, change(readFileSync(path, 'utf8'))] as const)
  if (found.length === 0 || changed.some(([path, content]) => content === readFileSync(path, 'utf8'))) return false
  for (const [path, content] of changed) writeFileSync(path, content)
  return true
}
