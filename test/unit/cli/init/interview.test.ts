import assert from 'node:assert/strict'
import test from 'node:test'
import { type Ask, interview, type Question } from '../../../../src/cli/init/interview.ts'
import { fileSource } from '../../../../src/settings/file-source.ts'
import { settleAnswers } from '../../../../src/settings/site-answers.ts'
import type { SiteAnswers } from '../../../../src/settings/site-table.ts'

// Not there, so that no file of this machine decides about the application.
const directory = '/no/such/project'

type Script = Readonly<Record<string, string | null>>

/** Answers by the beginning of the question; what is not in the script is answered with Enter. */
function scripted(script: Script): { readonly ask: Ask; readonly asked: Question[] } {
  const asked: Question[] = []
  const ask: Ask = async (question) => {
    asked.push(question)
    const key = Object.keys(script).find((start) => question.message.startsWith(start))
    const text = key === undefined ? question.default : (script[key] ?? null)
    if (text !== null) assert.equal(question.validate(text), true, `${question.message}: ${text}`)
    return text
  }
  return { ask, asked }
}

async function answer(script: Script, known: Partial<SiteAnswers> = {}): Promise<SiteAnswers> {
  const sources = [fileSource('known', known)]
  const conversation = await interview(sources, directory, scripted(script).ask)
  assert.ok(conversation)
  const settled = settleAnswers([...sources, conversation.source], directory)
  assert.ok(settled.ok, JSON.stringify(settled))
  return settled.answers
}

async function questions(script: Script, known: Partial<SiteAnswers> = {}): Promise<readonly Question[]> {
  const { ask, asked } = scripted(script)
  await interview([fileSource('known', known)], directory, ask)
  return asked
}

const validate = async (start: string, text: string, known: Partial<SiteAnswers> = {}) => {
  const question = (await questions({}, known)).find(({ message }) => message.startsWith(start))
  assert.ok(question, start)
  return question.validate(text)
}

test('who presses Enter ten times gets what was found by looking', async () => {
  const known = { name: 'shop', domain: ['shop.example.com'], workers: 3, user: 'web' }
  const answers = await answer({}, known)
  assert.equal(answers.name, 'shop')
  assert.deepEqual(answers.domain, ['shop.example.com'])
  assert.equal(answers.workers, 3)
  assert.equal(answers.user, 'web')
  assert.equal(answers.tls, 'letsencrypt')
  assert.equal(answers.email, null)
})

test('no more is asked than a person has to decide', async () => {
  assert.ok((await questions({}, { domain: ['shop.example.com'] })).length <= 8)
})

test('what is answered is what is written', async () => {
  const answers = await answer({
    ...{ Name: 'store', Domain: 'store.test, www.store.test', Application: './main.js:app', Certificate: 'off' },
    ...{ What: 'cloudflare', Worker: '7', Files: '/a/=public, /b/=/srv/b' },
  })
  assert.equal(answers.name, 'store')
  assert.deepEqual(answers.domain, ['store.test', 'www.store.test'])
  assert.equal(answers.app, './main.js:app')
  assert.equal(answers.tls, 'off')
  assert.equal(answers.cdn, 'cloudflare')
  assert.equal(answers.workers, 7)
  assert.deepEqual(answers.static, [
    { prefix: '/a/', directory: `${directory}/public` },
    { prefix: '/b/', directory: '/srv/b' },
  ])
})

test('later defaults follow from earlier answers', async () => {
  const asked = await questions({ Name: 'store', Certificate: 'files' }, { name: 'shop' })
  const key = asked.find(({ message }) => message.startsWith('File with the private'))
  assert.equal(key?.default, '/etc/store/tls/privkey.pem')
})

test('certificate files are asked for when there are some, and nothing else then', async () => {
  const script = { Certificate: 'files', 'File with the certificate': '/x/c.pem', 'File with the private': '/x/k.pem' }
  const answers = await answer(script)
  assert.deepEqual([answers.tls, answers.certificate, answers.certificateKey], ['files', '/x/c.pem', '/x/k.pem'])
  assert.equal(
    (await questions(script)).some(({ message }) => message.startsWith('Mail')),
    false,
  )
})

test("Let's Encrypt is offered for public names only", async () => {
  const offered = async (domain: readonly string[]) => {
    const asked = await questions({}, { domain })
    return asked.find(({ message }) => message === 'Certificate')?.choices
  }
  assert.deepEqual(await offered(['shop.example.com']), ['letsencrypt', 'files', 'self-signed', 'off'])
  assert.deepEqual(await offered(['localhost']), ['files', 'self-signed', 'off'])
  assert.deepEqual(await offered(['*.example.com']), ['files', 'self-signed', 'off'])
})

test('an answer is judged as it is typed, in words', async () => {
  assert.match(String(await validate('Name', 'My Shop')), /^Expected a name of 1 to 31 .*; not of that shape$/)
  assert.match(String(await validate('Domain', 'a;b')), /";" is not allowed in a host name/)
  assert.match(String(await validate('Worker', '0')), /^Expected a whole number from 1 to 512$/)
  assert.match(String(await validate('Files', '/x=/etc')), /not for the world/)
  assert.match(String(await validate('Files', '/a=/srv/x, /a=/srv/y')), /twice/)
  assert.match(String(await validate('Mail', 'nobody', { domain: ['a.example.com'] })), /mail address/)
})

test('static files that would show the whole application are refused as they are typed', async () => {
  const known = { workingDirectory: directory }
  assert.match(String(await validate('Files', `/x=${directory}`, known)), /which holds all of it/)
})

test('what was known can be taken back with the word none', async () => {
  const known = { domain: ['a.example.com'], email: 'a@b.test', static: [{ prefix: '/a/', directory: '/srv/a' }] }
  const answers = await answer({ Mail: 'none', Files: 'none' }, known)
  assert.deepEqual([answers.email, answers.static], [null, []])
})

test('several static directories that were known are kept by Enter, whatever is in their paths', async () => {
  const known = {
    static: [
      { prefix: '/a/', directory: '/srv/a, b' },
      { prefix: '/c/', directory: '/srv/c' },
    ],
  }
  assert.deepEqual((await answer({}, known)).static, known.static)
})

test('who leaves at any question has answered nothing', async () => {
  for (const start of ['Name', 'Certificate', 'Files']) {
    assert.equal(await interview([], directory, scripted({ [start]: null }).ask), null, start)
  }
})

test('a question mark explains every question, and answers none', async () => {
  for (const question of await questions({ Certificate: 'files' }, { domain: ['a.example.com'] })) {
    assert.equal(question.validate('?'), question.help)
    assert.ok(question.help.length > 60, question.message)
  }
})

/** Answers one after another; what is left out is answered with Enter. */
function inTurn(texts: readonly (string | undefined)[]): { readonly ask: Ask; readonly asked: string[] } {
  const asked: string[] = []
  const ask: Ask = async ({ message, default: initial, validate }) => {
    const text = texts[asked.length] ?? initial
    asked.push(message.split(/[ ,]/)[0] ?? '')
    assert.equal(validate(text), true, message)
    return text
  }
  return { ask, asked }
}

test('one can go back, question by question, and what was answered is the default then', async () => {
  const { ask, asked } = inTurn(['shop', 'a.test', '<', '<', undefined, 'b.test'])
  const conversation = await interview([], directory, ask)
  assert.deepEqual(asked.slice(0, 6), ['Name', 'Domain', 'Application', 'Domain', 'Name', 'Domain'])
  const settled = settleAnswers(conversation === null ? [] : [conversation.source], directory)
  assert.ok(settled.ok)
  assert.deepEqual([settled.answers.name, settled.answers.domain], ['shop', ['b.test']])
})

test('going back passes by questions that were not asked', async () => {
  const { ask, asked } = inTurn([undefined, 'a.test', undefined, 'off', '<', 'files', '/x/c.pem', '/x/k.pem'])
  const conversation = await interview([], directory, ask)
  assert.deepEqual(asked.slice(3, 8), ['Certificate', 'What', 'Certificate', 'File', 'File'])
  const settled = settleAnswers(conversation === null ? [] : [conversation.source], directory)
  assert.ok(settled.ok)
  assert.equal(settled.answers.certificate, '/x/c.pem')
})

test('there is nothing before the first question', async () => {
  const [first, second] = await questions({})
  assert.match(String(first?.validate('<')), /first question/)
  assert.equal(second?.validate('<'), true)
})

test('from the end one comes back to the last question, with all else as it was answered', async () => {
  const { ask, asked } = inTurn(['store'])
  const conversation = await interview([], directory, ask)
  const count = asked.length
  const again = await conversation?.back()
  assert.deepEqual(asked.slice(count), ['Files'])
  assert.deepEqual(again?.source, conversation?.source)
})
