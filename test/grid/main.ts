// `npm run test:grid`: the whole grid, printed; `-- --write` keeps it in templates/docs, `-- --only NAME` asks one framework,
// `-- --class NAME` with one worker class. The drains of threads come last, unless one framework is asked.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repository } from '../helpers/repository.ts'
import { needs, program } from '../stack/needs.ts'
import { build, installNode } from './build.ts'
import { classes } from './classes.ts'
import { document } from './document.ts'
import { drainsPass } from './drains.ts'
import { type Built, builtFrameworks, type Framework, lightFrameworks, native, versionOf } from './frameworks.ts'
import { nginxVersion } from './nginx-version.ts'
import { type Column, type Grid, table } from './report.ts'
import { type RunOptions, runFramework, serveGridSite } from './run.ts'

const page = join(repository, 'templates', 'docs', 'frameworks.md')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { write: { type: 'boolean' }, only: { type: 'string' }, class: { type: 'string' } },
  })
  const lacking = needs('nginx', 'openssl')
  if (lacking !== false) say(`through nginx: skipped, ${lacking}`)
  const site = lacking === false ? await serveGridSite() : null
  const grids: Grid[] = []
  for (const workerClass of classes.filter(({ id }) => id === (values.class ?? id))) {
    say(`\nthe worker class ${workerClass.id}`)
    grids.push({ workerClass, columns: await askAll({ site, workerClass }, values.only ?? null) })
  }
  await site?.[Symbol.asyncDispose]()
  const versions = [`Node.js ${process.version}`, ...(site === null ? [] : [`nginx ${nginxVersion(program('nginx'))}`])]
  for (const { workerClass, columns } of grids) say(`\n${workerClass.id}\n\n${table(columns)}`)
  say(`\nwith ${versions.join(', ')}`)
  const text = document(grids, versions)
  if (values.write === true) writeFileSync(page, text)
  else if (values.only === undefined && values.class === undefined && read(page) !== text)
    say('\ntemplates/docs/frameworks.md differs; npm run test:grid -- --write')
  const kept = conclude(grids)
  if (values.only !== undefined || !grids.some(({ workerClass }) => workerClass.id === 'threads')) return kept
  say('\nthe drains of threads')
  return drainsPass(['-k', 'threads', '--threads', '2']) ? kept : 1
}

function conclude(grids: readonly Grid[]): number {
  const cells = grids.flatMap(({ workerClass, columns }) =>
    columns.flatMap((column) => column.cells.map((cell) => ({ ...cell, workerClass: workerClass.id }))),
  )
  const failed = cells.filter(({ outcome }) => outcome === 'fail')
  for (const { framework, line, way, why, workerClass } of failed)
    say(`\nFAILED ${framework} with ${workerClass}: ${line} over ${way}\n${why}`)
  const asked = cells.filter(({ outcome }) => outcome !== 'none')
  say(`\n${asked.length - failed.length} of ${asked.length} kept`)
  return failed.length === 0 ? 0 : 1
}

async function askAll(options: RunOptions, only: string | null): Promise<readonly Column[]> {
  const columns: Column[] = []
  const wanted = ({ id }: Framework): boolean => only === null || id === only
  for (const framework of lightFrameworks.filter(wanted)) {
    columns.push(await ask(framework, versionOf(framework) ?? process.version, options))
  }
  if (wanted(native)) columns.push(await askNative(options))
  for (const framework of builtFrameworks.filter(wanted)) columns.push(await askBuilt(framework, options))
  return columns
}

async function askNative(options: RunOptions): Promise<Column> {
  const other = installNode(native.major)
  return 'missing' in other
    ? absent(native, other.missing)
    : ask(native, other.version, { ...options, node: other.node })
}

async function askBuilt(framework: Built, options: RunOptions): Promise<Column> {
  const outcome = build(framework)
  if ('missing' in outcome) return absent(framework, outcome.missing)
  return ask({ ...framework, app: outcome.app }, outcome.version, options)
}

async function ask(framework: Framework, version: string | null, options: RunOptions): Promise<Column> {
  try {
    const cells = await runFramework(framework, options)
    say(`${framework.id} ${version ?? ''}: ${cells.filter(({ outcome }) => outcome === 'pass').length} kept`)
    return { framework, version, cells, missing: null }
  } catch (error) {
    say(`${framework.id}: ${(error as Error).message}`)
    const why = (error as Error).message
    return {
      framework,
      version,
      cells: [{ framework: framework.id, line: 'health', way: 'tcp', outcome: 'fail', why }],
      missing: null,
    }
  }
}

function absent(framework: Framework, missing: string): Column {
  say(`${framework.id}: skipped, ${missing}`)
  return { framework, version: null, cells: [], missing }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
