import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { repository } from '../helpers/repository.ts'
import { inspect } from './floor-plan/inspect.ts'
import { limits, longFiles, longFunctions, plan, timers, topLevel } from './floor-plan/plan.ts'
import { readCode } from './floor-plan/read-code.ts'

const read = (path: string) => readFileSync(join(repository, path), 'utf8')

const sources = ['src', 'test', 'bin'].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !/node_modules|\/golden\/|\/data\//.test(path)),
)

test('every source file keeps to the floor plan', () => {
  assert.ok(sources.length > 20, 'the sources are found')
  const complaints = sources.flatMap((path) => inspect({ path, text: read(path) }))
  assert.deepEqual(complaints, [])
})

test('every function is short: Biome counts its lines, and no exception is unlisted', () => {
  const { linter, overrides = [] } = JSON.parse(read('.biome.json'))
  const rule = linter.rules.complexity.noExcessiveLinesPerFunction
  assert.deepEqual(rule, { level: 'error', options: { maxLines: limits.functionLines } })
  assert.equal(JSON.stringify(overrides).includes('noExcessiveLinesPerFunction'), false)
  const exempt = sources.filter((path) => /biome-ignore lint\/complexity\/noExcessiveLines/.test(read(path)))
  assert.deepEqual(exempt, Object.keys(longFunctions).sort())
})

test('no exception outlives its file', () => {
  const excepted = [longFiles, longFunctions, timers].flatMap(Object.keys)
  assert.deepEqual(
    excepted.filter((path) => !sources.includes(path)),
    [],
  )
})

test('the top level of the repository is as agreed', () => {
  const found = readdirSync(repository).filter((name) => !/^\.|^node_modules$|^dist$|\.tgz$/.test(name))
  assert.deepEqual(
    found.filter((name) => !topLevel.includes(name)),
    [],
  )
})

test('src holds rooms of the plan, and nothing else', () => {
  const found = readdirSync(join(repository, 'src')).filter((name) => plan[name] === undefined)
  assert.deepEqual(found.sort(), ['README.md', 'index.ts', 'request.ts'])
})

test('README files stay short enough to be read', () => {
  assert.ok(read('README.md').split('\n').length <= 200)
  assert.ok(read('test/README.md').split('\n').length <= 40)
})

/** Small programs that break the plan, by where they would stand. */
const offences: readonly (readonly [path: string, text: string, complaint: RegExp])[] = [
  ['src/arbiter/a.ts', "import type { Front } from '../http/front.ts'", /imports the room http/],
  ['src/arbiter/a.ts', "import { run } from '../worker/main.ts'", /imports the room worker/],
  ['src/http/a.ts', "export { x } from '../system/user.ts'", /imports the room system/],
  ['src/deploy/a.ts', "const x = await import('../arbiter/main.ts')", /imports the room arbiter/],
  ['src/deploy/a.ts', "type X = import('../worker/load.ts').X", /imports the room worker/],
  ['src/log/a.ts', "import { x } from '../cli/paint.ts'", /imports the room cli/],
  ['src/contract/a.ts', "import fs from 'node:fs'", /imports node:fs/],
  ['src/bundle/a.ts', "import { exec } from 'node:child_process'", /imports node:child_process/],
  ['src/bundle/a.ts', "process.getBuiltinModule('node:net')", /imports node:net/],
  ['src/bundle/a.ts', 'const now = Date.now()', /reads the clock/],
  ['src/arbiter/a.ts', 'const now = Date.now()', /reads a clock that can be set/],
  ['src/worker/a.ts', 'const now = new Date()', /reads a clock that can be set/],
  ['src/bundle/a.ts', "writeFileSync('x', 'y')", /writes files/],
  ['src/http/a.ts', 'log(process.pid)', /knows the process/],
  ['src/http/a.ts', "import express from 'express'", /imports the package express/],
  ['src/cli/a.ts', "import { x } from '@inquirer/prompts/x'", /imports the package @inquirer\/prompts/],
  ['src/system/user.ts', "import koffi from 'koffi'", /only src\/system\/libc\.ts may/],
  ['src/worker/drain.ts', 'if (late) process.exit(1)', /touches process/],
  ['src/worker/drain.ts', 'const { env } = process\n', /takes process apart/],
  ['src/worker/drain.ts', 'const it = process\n', /takes process apart/],
  ['src/worker/drain.ts', "import { env } from 'node:process'", /imports node:process/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a program that is read, not run
  ['src/worker/drain.ts', 'const x = `a ${process.env.HOME} b`', /touches process/],
  ['src/worker/drain.ts', 'await import(path)', /does not know by name/],
  ['src/worker/drain.ts', 'await import(`../cli/paint.ts`)', /does not know by name/],
  ['src/worker/a.ts', "import x from '../../test/x.ts'", /from outside src/],
  ['src/cli/utils/a.ts', '', /folder named utils/],
  ['src/tools/a.ts', '', /in no room/],
  ['src/log/a.ts', '\n'.repeat(201), /has 201 lines/],
  ['test/unit/a.test.ts', 'await new Promise((done) => setTimeout(done, 10))', /waits for time/],
  ['test/unit/a.test.ts', "import { setTimeout as wait } from 'node:timers/promises'", /waits for time/],
]

for (const [path, text, complaint] of offences) {
  test(`the floor plan sees that ${path} ${complaint.source.replaceAll('\\', '')}: ${text.trim().slice(0, 60)}`, () => {
    assert.match(inspect({ path, text }).join('\n'), complaint)
  })
}

test('the floor plan is not fooled by comments, strings and regular expressions', () => {
  const text = [
    "// import { x } from '../worker/main.ts'",
    "/* process.exit(1) from '../worker/a.ts' */",
    'const said = \'import x from "../worker/a.ts"; process.exit(1)\'',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a program that is read, not run
    'const form = `process.env ${said} import(path) ${`${said}`} setTimeout(x)`',
    'const pattern = /process\\.exit[\'"`/]/',
    'const ratio = said.length / 2 / 1',
    "import { y } from '../contract/errors.ts'",
  ].join('\n')
  assert.deepEqual(inspect({ path: 'src/arbiter/a.ts', text }), [])
  assert.deepEqual(readCode(text).imports, ['../contract/errors.ts'])
  assert.equal(readCode(text).text.split('\n').length, 7)
})
