import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs'
import test from 'node:test'
import { Failure } from '../../src/contract/errors.ts'
import { type ConfigFileOptions, loadConfigFile } from '../../src/settings/config-file.ts'
import { findConfigFile } from '../../src/settings/file/find.ts'
import { tempDir } from '../helpers/temp-dir.ts'

async function settingsOf(
  path: string,
  options: ConfigFileOptions = { asRoot: false },
): Promise<Record<string, unknown>> {
  const { values } = await loadConfigFile(path, options)
  return Object.fromEntries(Object.entries(values).map(([name, raw]) => [name, 'value' in raw && raw.value]))
}

async function complaint(path: string, options: ConfigFileOptions = { asRoot: false }): Promise<string> {
  const failure = await loadConfigFile(path, options).then(
    () => assert.fail(`${path} was accepted`),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof Failure, String(failure))
  assert.equal(failure.code, 'CONFIG_UNREADABLE')
  assert.ok(failure.message.startsWith(`config file ${path}`), failure.message)
  return failure.message.slice(`config file ${path}`.length)
}

const good: Readonly<Record<string, string>> = {
  'object.json': '{ "workers": 3 }',
  'byte-order-mark.json': '\ufeff{"workers": 3}\r\n',
  'module.mjs': 'export default { workers: 3 }',
  'own-package.ts': 'import { defineConfig } from "tsicorn"\nexport default defineConfig({ workers: 3 })',
  'own-package.mjs': 'import { defineConfig } from "tsicorn"\nexport default defineConfig({ workers: 3 })',
  'enum.ts': 'enum Count { few = 3 }\nexport default { workers: Count.few as number }',
  'function.mts': 'export default async (): Promise<object> => ({ workers: 3 })',
  'promise.ts': 'export default Promise.resolve({ workers: 3 })',
  'top-level-await.mjs': 'const workers = await Promise.resolve(3)\nexport default { workers }',
  'commonjs.js': 'module.exports = { workers: 3 }',
  'module-in-commonjs-package.js': '\ufeffexport default { workers: 3 }\r\n',
  'typescript-in-commonjs-package.ts': 'export default { workers: 3 as const }',
  'left-out.ts': 'export default { workers: 3, timeout: undefined }',
}

for (const [name, text] of Object.entries(good)) {
  test(`a config file of the kind ${name} is read`, async () => {
    await using dir = await tempDir()
    await dir.write('package.json', '{"type": "commonjs"}')
    assert.deepEqual(await settingsOf(await dir.write(name, text)), { workers: 3 })
  })
}

const bad: Readonly<Record<string, readonly [text: string, complaint: RegExp]>> = {
  'comma.json': ['{\n  "workers": 3,\n}', /^:3:1: expected no comma before }/],
  'twice.json': ['{"workers": 3,\n"workers": 4}', /^:2:1: "workers" stands here a second time/],
  'empty.json': ['', /^:1:1: expected a value, got the end/],
  'list.json': ['[]', /^: expected an object of settings, got an empty list/],
  'null.json': ['null', /^: expected an object of settings, got null/],
  'deep.json': ['['.repeat(50_000), /^:1:51: /],
  'huge.json': [' '.repeat(2_000_000), /^: expected at most 1 MiB, got 2000000 bytes/],
  'syntax.ts': ['export default {\n  workers: 3\n  app: 1\n}', /^:3:3: syntax error: Unexpected token/],
  'syntax.mjs': ['export default {\n  workers: ..\n}', /^:2:12: syntax error/],
  'throws.ts': ['const a: number = 1\nthrow new Error("no\\nway")', /^:2: threw Error: no$/],
  'throws-nothing.ts': ['throw undefined', /^: threw undefined/],
  'rejects.mjs': ['export default Promise.reject(new TypeError("x"))', /threw TypeError: x/],
  'missing-import.ts': ['import x from "./nowhere.js"\nexport default { workers: x }', /Cannot find module/],
  'no-default.ts': ['export const workers = 3', /^: expected a default export, got none/],
  'exports-nothing.js': ['const config = { workers: 3 }', /^: expected a default export, got none/],
  'text.ts': ['export default "workers"', /^: expected an object of settings, got "workers"/],
  'instance.ts': ['export default new (class { workers = 3 })()', /got an instance of a class/],
  'getter.ts': ['export default { get workers() { throw new Error("gotcha") } }', /threw Error: gotcha/],
  'unknown.yaml': ['workers: 3', /^: expected a file that ends in \.ts, \.mts, \.js, \.mjs, \.json/],
}

for (const [name, [text, expected]] of Object.entries(bad)) {
  test(`the config file ${name} is refused with the place and the reason, and without a stack`, async () => {
    await using dir = await tempDir()
    const message = await complaint(await dir.write(name, text))
    assert.match(message, expected)
    assert.doesNotMatch(message, /\n/)
  })
}

test('a config file whose promise is never kept is given up', async () => {
  await using dir = await tempDir()
  for (const text of ['export default new Promise(() => {})', 'await new Promise(() => {})\nexport default {}']) {
    const path = await dir.write('never.ts', text)
    assert.match(await complaint(path, { asRoot: false, patience: 50 }), /within 0\.05 seconds/)
  }
})

test('a config file that has much to do, on a machine that is busy, is not given up', async () => {
  await using dir = await tempDir()
  const work = 'for (const end = performance.now() + 600; performance.now() < end; );'
  const pause = 'await new Promise((resolve) => setImmediate(resolve))'
  const path = await dir.write('works.ts', `${work}\n${pause}\n${work}\n${pause}\nexport default { workers: 3 }`)
  assert.deepEqual(await settingsOf(path, { asRoot: false, patience: 1000 }), { workers: 3 })
})

test('a config file that is no file is refused at once: a named pipe would wait for ever, a device never ends', async () => {
  await using dir = await tempDir()
  execFileSync('mkfifo', [dir.join('pipe.json')])
  mkdirSync(dir.join('directory.json'))
  symlinkSync('/dev/zero', dir.join('device.json'))
  assert.match(await complaint(dir.join('pipe.json')), /got a named pipe/)
  assert.match(await complaint(dir.join('directory.json')), /got a directory/)
  assert.match(await complaint(dir.join('device.json')), /got a device/)
  assert.match(await complaint(dir.join('nothing.json')), /got no such file/)
})

test('bytes that are no text are refused', async () => {
  await using dir = await tempDir()
  const path = await dir.write('utf16.json', '')
  execFileSync('sh', ['-c', `printf '\\377\\376{\\000}\\000' > '${path}'`])
  assert.match(await complaint(path), /expected text in UTF-8/)
})

test('as root, a file that others may write to is refused; that of another owner is not', async () => {
  await using dir = await tempDir()
  const path = await dir.write('config.json', '{}')
  chmodSync(path, 0o666)
  assert.match(await complaint(path, { asRoot: true }), /only root and its owner may write.*mode 0666/)
  assert.deepEqual(await settingsOf(path), {})
  chmodSync(path, 0o644)
  assert.deepEqual(await settingsOf(path, { asRoot: true }), {})
})

test('as root, a file that a group may write to is refused unless the group is root', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root can give files away')
  await using dir = await tempDir()
  const path = await dir.write('config.json', '{}')
  chownSync(path, 0, 1)
  chmodSync(path, 0o664)
  assert.match(await complaint(path, { asRoot: true }), /mode 0664/)
  chownSync(path, 0, 0)
  assert.deepEqual(await settingsOf(path, { asRoot: true }), {})
})

test('a file that was changed is read as it is, and so are the modules it imports', async () => {
  await using dir = await tempDir()
  const text = 'import { few } from "./few.ts"\nexport default { workers: few }'
  const path = await dir.write('config.ts', text)
  for (const count of [1, 2]) {
    await dir.write('few.ts', `export const few: number = ${count}`)
    assert.deepEqual(await settingsOf(path), { workers: count })
  }
  await dir.write('config.ts', 'export default { workers: 3 }')
  assert.deepEqual(await settingsOf(path), { workers: 3 })
})

test('the config file of a directory is found by its name, and two are one too many', async () => {
  await using dir = await tempDir()
  assert.equal(await findConfigFile(dir.path), null)
  assert.equal(await findConfigFile(dir.join('nowhere')), null)
  const path = await dir.write('tsicorn.config.json', '{}')
  await dir.write('tsicorn.config.txt', '{}')
  assert.equal(await findConfigFile(dir.path), path)
  await dir.write('tsicorn.config.ts', '')
  await assert.rejects(
    findConfigFile(dir.path),
    /expected one config file in .*, got tsicorn\.config\.json and tsicorn\.config\.ts/,
  )
})
