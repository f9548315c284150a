import assert from 'node:assert/strict'
import test from 'node:test'
import type { SiteAnswers } from '../../../src/settings/site-table.ts'
import { siteRow } from '../../../src/settings/site-table.ts'
import { parseLogrotate } from './parse-logrotate.ts'
import { findAll, parseNginx, skeleton } from './parse-nginx.ts'
import { expand, parseUnit, splitWords, valuesOf } from './parse-unit.ts'
import { fileOf, full, render } from './site.ts'

type Name = keyof SiteAnswers

/** Each answer that is free text: a harmless value with a gap in it, and how the value is told to the kind. */
const texts: Readonly<Partial<Record<Name, (gap: string) => string>>> = {
  name: (gap) => `sh${gap}op`,
  domain: (gap) => `sh${gap}op.example.com`,
  user: (gap) => `sh${gap}op`,
  group: (gap) => `sh${gap}ops`,
  nginxUser: (gap) => `www${gap}data`,
  nginxGroup: (gap) => `www${gap}data`,
  email: (gap) => `ad${gap}min@example.com`,
  healthPath: (gap) => `/he${gap}alth`,
  statusPath: (gap) => `/-/st${gap}atus`,
  app: (gap) => `./a${gap}pp.js`,
  workingDirectory: (gap) => `/srv/sh${gap}op`,
  static: (gap) => `/assets/=/srv/pub${gap}lic`,
  certificate: (gap) => `/etc/x/fu${gap}ll.pem`,
  certificateKey: (gap) => `/etc/x/k${gap}ey.pem`,
  node: (gap) => `/usr/bin/no${gap}de`,
  tsicorn: (gap) => `/opt/tsi${gap}corn.js`,
  httpListen: (gap) => `80${gap}80`,
  httpsListen: (gap) => `84${gap}43`,
  runtimeDirectory: (gap) => `/run/sh${gap}op`,
  configDirectory: (gap) => `/etc/sh${gap}op`,
  stateDirectory: (gap) => `/data/sh${gap}op`,
  logDirectory: (gap) => `/logs/sh${gap}op`,
  nginxLogDirectory: (gap) => `/logs/ng${gap}inx`,
  nginxDirectory: (gap) => `/etc/nginx/ow${gap}n`,
  trustedProxies: (gap) => `10.0.0.0/8${gap}`,
  memory: (gap) => `80${gap}%`,
  credentials: (gap) => `data${gap}base`,
  rateLimit: (gap) => `10${gap}`,
  opensslVersion: (gap) => `3.0.1${gap}`,
  nginxVersion: (gap) => `1.22.1${gap}`,
  acmeDirectory: (gap) => `/var/www/ac${gap}me`,
}

const octets = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
const stranger = ['\u2028', '\u202e', '\ud800', 'é', '日', '😀', '\ufeff']
const phrases = [
  ...[
    '"',
    "'",
    '\\',
    ';',
    '{',
    '}',
    '#',
    '$',
    '%',
    '`',
    '$'.concat('{}'),
    '\n',
    '\r\n',
    '%n',
    '%%',
    '$$',
    '\\n',
    '\\"',
    '|',
  ],
  ...[';return 301 https://evil.test$request_uri', '; } include /etc/passwd; server { server_name b'],
  ...[
    '\n[Service]\nExecStartPre=/bin/touch /x\nUser=root',
    ' { } /etc/passwd',
    '\n  postrotate\n touch /x\n endscript',
  ],
  ...['$(touch /x)', '`touch /x`', '&& touch /x', '{{name}}', '{{{name}}}', '../..', ' \\', '\\\n', '*', '[a]', '?'],
]

const accepts = (name: Name, text: string) => {
  const reading = siteRow(name).kind.parse(text)
  return reading.ok ? reading.value : undefined
}

/** Every directive of every file as it is nested, without the values. */
function shape(given: Partial<SiteAnswers>): string {
  const files = Object.entries(render({ ...base, ...given }))
  const shapes = files.map(([path, content]) => {
    if (/\/nginx\/.*\.conf$/.test(path)) return skeleton(parseNginx(content))
    if (/\.(?:service|socket)$/.test(path))
      return parseUnit(content)
        .map(({ key }) => key)
        .join(' ')
    if (path.includes('logrotate'))
      return JSON.stringify(parseLogrotate(content).map((rotation) => ({ ...rotation, logs: [] }))).replace(
        /(create|su)[^"]*/g,
        '$1',
      )
    if (path.endsWith('.json')) return Object.keys(JSON.parse(content)).join(' ')
    return content
      .split('\n')
      .map((line) => (line.startsWith('#') ? '#' : line.replace(/\S.*/, 'x')))
      .join('\n')
  })
  return shapes.join('\n').replaceAll(String(given.name ?? base.name), 'NAME')
}

const base: Partial<SiteAnswers> & { readonly name: string } = {
  ...{ ...full, name: 'shop', stateDirectory: '/data/shop', logDirectory: '/logs/shop', configDirectory: '/etc/shop' },
  ...{ certificate: '/etc/x/full.pem', certificateKey: '/etc/x/key.pem', httpListen: '8080', httpsListen: '8443' },
}

for (const [key, write] of Object.entries(texts)) {
  const name = key as Name
  const expected = shape({ [name]: accepts(name, write('')) })

  test(`whatever stands in the answer ${name}, the files have the directives of the template and no other`, () => {
    assert.notEqual(accepts(name, write('')), undefined, 'the harmless value is accepted')
    const single = [...octets, ...stranger].filter((one) => accepts(name, write(one)) !== undefined)
    // Together in one value, in portions that no limit on the length refuses.
    const portions = single.flatMap((_, index) => (index % 9 === 0 ? [single.slice(index, index + 9).join('')] : []))
    const gaps = [...portions, ...phrases]
    for (const gap of gaps) {
      const value = accepts(name, write(gap))
      if (value !== undefined) assert.equal(shape({ [name]: value }), expected, JSON.stringify(write(gap)))
    }
  })

  test(`the answer ${name} has no control character, and none that a terminal or an editor would not show as it is`, () => {
    for (const one of [...octets.slice(0, 32), '\u007f', '\u0085', '\u2028', '\ud800']) {
      assert.equal(accepts(name, write(one)), undefined, JSON.stringify(one))
    }
  })
}

const odd = 'o dd%n é'

test('a path with a space, a percent sign and letters of another script arrives as it was in every format', () => {
  const files = render({
    ...{ ...base, workingDirectory: `/srv/${odd}$HOME`, node: `/opt/${odd}/node`, tsicorn: `/opt/${odd}$HOME/t.js` },
    ...{ static: [{ prefix: '/s/', directory: `/srv/${odd}` }], certificate: `/etc/${odd}/c.pem` },
    ...{ runtimeDirectory: `/run/${odd}`, stateDirectory: `/data/${odd}`, logDirectory: `/logs/${odd}` },
  })
  const service = parseUnit(fileOf(files, 'shop.service'))
  const command = splitWords(valuesOf(service, 'Service.ExecStart').join(), true)
  assert.deepEqual(command.slice(0, 3), [`/opt/${odd}/node`, `/opt/${odd}$HOME/t.js`, 'serve'])
  assert.equal(expand(valuesOf(service, 'Service.WorkingDirectory').join()), `/srv/${odd}$HOME`)
  assert.deepEqual(
    valuesOf(service, 'Service.ReadWritePaths').flatMap((value) => splitWords(value, false)),
    [`/run/${odd}`, `/data/${odd}`, `/logs/${odd}`],
  )
  const socket = parseUnit(fileOf(files, 'shop.socket'))
  assert.equal(expand(valuesOf(socket, 'Socket.ListenStream')[0] ?? ''), `/run/${odd}/1.sock`)
  const nginx = parseNginx(fileOf(files, 'sites-available/shop.conf'))
  assert.ok(findAll(nginx, 'alias').some(({ words }) => words[1] === `/srv/${odd}/`))
  assert.equal(findAll(nginx, 'ssl_certificate')[0]?.words[1], `/etc/${odd}/c.pem`)
  assert.equal(findAll(findAll(nginx, 'upstream')[0]?.block ?? [], 'server')[0]?.words[1], `unix:/run/${odd}/1.sock`)
  assert.deepEqual(parseLogrotate(fileOf(files, 'logrotate.d/shop'))[0]?.logs, [`/logs/${odd}/*.log`])
  const server = JSON.parse(fileOf(files, 'tsicorn.config.json'))
  assert.equal(server.chdir, `/srv/${odd}$HOME`)
  const tmpfiles = fileOf(files, 'tmpfiles.d/shop.conf')
  assert.deepEqual(splitWords(/^d .*run.*$/m.exec(tmpfiles)?.[0] ?? '', false).slice(0, 2), ['d', `/run/${odd}`])
})

test('the entry of the application is carried whatever its name, because only JSON holds it', () => {
  const app = `./o'd"d $HOME %n {slot} \\ ; é.js:app`
  const files = render({ ...base, app })
  assert.equal(JSON.parse(fileOf(files, 'tsicorn.config.json')).app, app)
  assert.equal(JSON.parse(fileOf(files, 'site.json')).app, app)
})
