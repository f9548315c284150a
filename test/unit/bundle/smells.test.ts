import assert from 'node:assert/strict'
import test from 'node:test'
import { renderBundle } from '../../../src/bundle/render.ts'
import { supervisorNames } from '../../../src/settings/supervisors.ts'
import { goldenBehind } from '../../golden/read-golden.ts'
import { type Directive, findAll, parseNginx } from './parse-nginx.ts'

/** What a linter of nginx files would say, as a list of sentences; each finding has a name that gixy gives it. */
type Smell = (site: readonly Directive[]) => readonly string[]

const said = ({ words }: Directive) => words.join(' ')
const blocks = (site: readonly Directive[], name: string) =>
  findAll(site, name).map((directive) => ({ directive, inside: directive.block ?? [] }))
const own = (inside: readonly Directive[], name: string) => inside.filter(({ words }) => words[0] === name)

// What a visitor writes freely; $request_uri is as it came, still encoded, and so holds no line break.
const free = /\$(?:uri|document_uri|arg_\w+|args|query_string|is_args|http_\w+|cookie_\w+|\d)\b/

const smells: Readonly<Record<string, Smell>> = {
  ssrf: (site) =>
    findAll(site, 'proxy_pass')
      .filter(({ words }) => /\$|^http:\/\/(?!\w+_workers$)/.test(words[1] ?? ''))
      .map(said),
  resolver_external: (site) => findAll(site, 'resolver').map(said),
  http_splitting: (site) =>
    ['return', 'rewrite', 'add_header', 'proxy_set_header', 'proxy_pass']
      .flatMap((name) => findAll(site, name))
      // The name that nginx asks for a change of protocol is one token of a header, which it has read already.
      .filter(({ words }) => words.join(' ') !== 'proxy_set_header Upgrade $http_upgrade')
      .filter(({ words }) => words.slice(1).some((word) => free.test(word)))
      .map(said),
  host_spoofing: (site) =>
    [...findAll(site, 'proxy_set_header'), ...findAll(site, 'return')]
      .filter(({ words }) => words.join(' ').includes('$http_host'))
      .map(said),
  alias_traversal: (site) =>
    blocks(site, 'location')
      .filter(({ inside }) => own(inside, 'alias').length > 0)
      .filter(({ directive, inside }) =>
        [directive, ...own(inside, 'alias')].some(({ words }) => words.at(-1)?.endsWith('/') !== true),
      )
      .map(({ directive }) => said(directive)),
  add_header_redefinition: (site) =>
    [...blocks(site, 'location'), ...blocks(site, 'if')]
      .filter(({ inside }) => own(inside, 'add_header').length > 0)
      .filter(({ inside }) => {
        const wanted = findAll(site, 'include').filter(({ words }) => words[1]?.endsWith('/headers.conf'))
        return wanted.length > 0 && !own(inside, 'include').some(({ words }) => words[1]?.endsWith('/headers.conf'))
      })
      .map(({ directive }) => said(directive)),
  add_header_multiline: (site) =>
    findAll(site, 'add_header')
      .filter(({ words }) => /[\r\n]/.test(words.join('')))
      .map(said),
  add_header_content_type: (site) =>
    findAll(site, 'add_header')
      .filter(({ words }) => /^content-type$/i.test(words[1] ?? ''))
      .map(said),
  if_is_evil: (site) =>
    blocks(site, 'if')
      .filter(({ inside }) => inside.some(({ words }) => words[0] !== 'return'))
      .map(({ directive }) => said(directive)),
  origins: (site) =>
    findAll(site, 'if')
      .filter(({ words }) => /\$http_(?:origin|referer)/.test(words.join(' ')))
      .map(said),
  valid_referers: (site) => findAll(site, 'valid_referers').map(said),
  allow_without_deny: (site) => findAll(site, 'allow').map(said),
  version_disclosure: (site) =>
    blocks(site, 'server')
      .filter(
        ({ directive, inside }) =>
          directive.block !== null && said({ ...directive, block: null }) === 'server' && inside.length > 0,
      )
      .filter(({ inside }) => own(inside, 'server_tokens').map(said).join() !== 'server_tokens off')
      .map(({ inside }) => inside.map(said).join('; ')),
  missing_resolver: (site) =>
    blocks(site, 'upstream')
      .flatMap(({ inside }) => own(inside, 'server'))
      .filter(({ words }) => !words[1]?.startsWith('unix:/'))
      .map(said),
  // A path after the upstream would be put in place of the location's, decoded once more on its way.
  proxy_pass_normalized: (site) =>
    findAll(site, 'proxy_pass')
      .filter(({ words }) => /^https?:\/\/[^/]+\//.test(words[1] ?? ''))
      .map(said),
  // To plain http is sent back who came by https.
  force_https: (site) =>
    [...findAll(site, 'return'), ...findAll(site, 'rewrite')]
      .filter(({ words }) => words.some((word) => word.startsWith('http://')))
      .map(said),
  // A log that is off for the site hides an attack; only the server for unknown names has none.
  error_log_off: (site) =>
    [...findAll(site, 'error_log'), ...findAll(site, 'access_log')]
      .filter(({ words }) => words[0] === 'error_log' && words[1] === 'off')
      .map(said),
  // A visitor who chooses the real address header chooses the address.
  real_ip_from_everybody: (site) =>
    findAll(site, 'set_real_ip_from')
      .filter(({ words }) => /\/0$/.test(words[1] ?? ''))
      .map(said),
  // An expression that is not closed at both ends matches other names too.
  unanchored_regex: (site) =>
    findAll(site, 'server_name')
      .flatMap(({ words }) => words.slice(1))
      .filter((word) => word.startsWith('~') && !/^~\^.*\$$/.test(word)),
  return_bypasses_allow_deny: (site) =>
    blocks(site, 'location')
      .filter(({ inside }) => own(inside, 'return').length > 0 && own(inside, 'deny').length > 0)
      .map(({ directive }) => said(directive)),
  hash_without_default: (site) =>
    [...blocks(site, 'map'), ...blocks(site, 'geo')]
      .filter(({ inside }) => own(inside, 'default').length === 0)
      .map(({ directive }) => said(directive)),
  weak_protocols: (site) =>
    findAll(site, 'ssl_protocols')
      .filter(({ words }) => words.slice(1).some((word) => !['TLSv1.2', 'TLSv1.3'].includes(word)))
      .map(said),
}

const sites = goldenBehind('nginx', supervisorNames).flatMap(({ name, answers }) =>
  renderBundle(answers)
    .filter(({ path }) => /nginx\/.*\.conf$/.test(path))
    .map(({ path, content }) => ({ name: `${name}: ${path}`, site: parseNginx(content) })),
)

for (const [smell, find] of Object.entries(smells)) {
  test(`no generated site has what linters call ${smell}`, () => {
    assert.ok(sites.length > 10)
    for (const { name, site } of sites) assert.deepEqual(find(site), [], name)
  })
}

const bad: Readonly<Record<string, string>> = {
  ssrf: 'location / { proxy_pass http://$http_x; }',
  resolver_external: 'resolver 8.8.8.8;',
  http_splitting: 'return 301 https://example.com$uri;',
  host_spoofing: 'proxy_set_header Host $http_host;',
  alias_traversal: 'location /s { alias /srv/s/; }',
  add_header_redefinition: 'include /x/headers.conf; location / { add_header X-A b; }',
  add_header_multiline: 'add_header X-A "a\n b";',
  add_header_content_type: 'add_header Content-Type text/plain;',
  if_is_evil: 'location / { if ($a) { rewrite ^ /x; } }',
  origins: 'if ($http_origin ~ x) { return 403; }',
  valid_referers: 'valid_referers none;',
  allow_without_deny: 'allow 10.0.0.0/8;',
  version_disclosure: 'server { listen 80; }',
  missing_resolver: 'upstream x { server backend.example.com; }',
  proxy_pass_normalized: 'location /a/ { proxy_pass http://x_workers/; }',
  force_https: 'return 301 http://$host$request_uri;',
  error_log_off: 'error_log off;',
  real_ip_from_everybody: 'set_real_ip_from 0.0.0.0/0;',
  unanchored_regex: 'server_name ~shop.example.com;',
  return_bypasses_allow_deny: 'location / { deny all; return 200; }',
  hash_without_default: 'map $a $b { x 1; }',
  weak_protocols: 'ssl_protocols TLSv1.1 TLSv1.2;',
}

for (const [smell, text] of Object.entries(bad)) {
  test(`a site with ${smell} would be found, so silence means something`, () => {
    assert.equal(smells[smell]?.(parseNginx(text)).length, 1)
  })
}
