import assert from 'node:assert/strict'
import test from 'node:test'
import { expand, findAll, parseNginx, splitDump, textOf } from '../../../../src/deploy/inspect/nginx-tree.ts'

test('directives, blocks, quotes, variables and comments are read as nginx reads them', () => {
  const tree = parseNginx(`# a { comment; }
map $http_upgrade \${id}_x { default upgrade; '' ''; }
server { server_name a.example "b {;} c"; location ~ /\\. { return 404; } }`)
  assert.deepEqual(tree[0], {
    name: 'map',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of nginx
    words: ['$http_upgrade', '${id}_x'],
    block: [
      { name: 'default', words: ['upgrade'], block: null },
      { name: '', words: [''], block: null },
    ],
  })
  assert.equal(textOf(tree[1]?.block ?? [], 'server_name'), 'a.example b {;} c')
  assert.deepEqual(
    findAll(tree, 'return').map(({ words }) => words),
    [['404']],
  )
})

test('what a file includes stands in its place, from whichever files there are', () => {
  const files = new Map([
    ['/a.conf', 'http { include /d/*.conf; include /missing.conf; x 1; }'],
    ['/d/one.conf', 'y 2;'],
    ['/d/two.conf', 'z 3; include /a.conf;'],
    ['/d/other', 'no 4;'],
  ])
  const [http] = expand('/a.conf', files)
  assert.deepEqual(
    http?.block?.slice(0, 2).map(({ name }) => name),
    ['y', 'z'],
  )
  assert.equal(http?.block?.at(-1)?.name, 'x')
})

test('the dump of nginx -T is split into its files', () => {
  const dump =
    'nginx: ok\n# configuration file /etc/nginx/nginx.conf:\nhttp {\n}\n\n# configuration file /b.conf:\nx 1;\n'
  assert.deepEqual(
    [...splitDump(dump).entries()].map(([path, text]) => [path, text.trim()]),
    [
      ['/etc/nginx/nginx.conf', 'http {\n}'],
      ['/b.conf', 'x 1;'],
    ],
  )
})
