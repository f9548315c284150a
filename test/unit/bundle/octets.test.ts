import assert from 'node:assert/strict'
import test from 'node:test'
import { siteFileName } from '../../../src/bundle/render.ts'
import { proxyNames } from '../../../src/settings/proxies.ts'
import { completeAnswers, type SiteAnswers, siteRow, siteTable } from '../../../src/settings/site-table.ts'
import { render } from './site.ts'

const octets = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
const given = completeAnswers({
  domain: ['a.example.com'],
  email: 'a@b.test',
  nginxLogDirectory: '/logs/nginx',
  ...{ user: 'keeper', group: 'keepers' },
  stateDirectory: '/data/app',
  logDirectory: '/logs/app',
  healthPath: '/up',
  static: [{ prefix: '/s/', directory: '/srv/s' }],
})

// How long each file is, the longest first: paths have answers in them. site.json is as long as lists are.
const lengths = (answers: Partial<SiteAnswers>) =>
  Object.entries(render(answers))
    .filter(([path]) => path !== siteFileName)
    .map(([, content]) => content.split('\n').length)
    .sort((one, other) => other - one)

// Letters mean themselves everywhere; of those beyond ASCII a few stand for all.
const telling = (octet: string) => /[^0-9A-Za-z,\u00a1-\u00ac\u00ae-\u00fe]/.test(octet)

const parts: readonly Partial<SiteAnswers>[] = [
  ...proxyNames.map((proxy) => ({ proxy })),
  { supervisor: 'supervisord' },
  { supervisor: 'docker', workingDirectory: '/srv', memory: 'off' },
]

for (const name of Object.keys(siteTable) as (keyof SiteAnswers)[]) {
  const { kind } = siteRow(name)
  const text = kind.format(given[name]) || '10.0.0.1'

  test(`every octet anywhere in the answer ${name} is refused, or gives files with as many lines`, () => {
    const usual = kind.parse(text)
    // Docker takes no share of the memory, which is the answer that is altered here.
    const fitting = parts.filter(({ memory }) => name !== 'memory' || memory === undefined)
    const lengthsWith = (value: unknown) => fitting.map((part) => lengths({ ...given, ...part, [name]: value }))
    const expected = usual.ok ? lengthsWith(usual.value) : []
    for (const octet of octets) {
      for (const at of [1, text.length]) {
        const reading = kind.parse(`${text.slice(0, at)}${octet}${text.slice(at)}`)
        if (!reading.ok || !telling(octet)) continue
        assert.deepEqual(lengthsWith(reading.value), expected, JSON.stringify(octet))
        const isControl = octet < ' ' || octet === '\u007f' || (octet >= '\u0080' && octet <= '\u009f')
        assert.equal(isControl, false, `control character ${JSON.stringify(octet)} is accepted`)
      }
    }
  })
}
