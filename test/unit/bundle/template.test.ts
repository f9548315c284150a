import assert from 'node:assert/strict'
import test from 'node:test'
import { plain } from '../../../src/bundle/quote.ts'
import { fill } from '../../../src/bundle/template.ts'

const template = 'etc/site/env.hbs'
const environment = { name: plain('shop'), readers: plain('root'), reload: plain('reload') }

test('a template is filled', () => {
  assert.match(fill(template, environment), /web application shop,/)
})

test('a name that only the template has is an error that names the template', () => {
  assert.throws(() => fill(template, {}), /template etc\/site\/env\.hbs: nothing is called name/)
})

test('a name that only the view has is an error', () => {
  assert.throws(() => fill(template, { ...environment, nmae: plain('shop') }), /nothing uses nmae/)
})

const socket = 'etc/systemd/system/socket.hbs'
const view = {
  ...{
    name: plain('shop'),
    user: plain('shop'),
    nginxGroup: plain('www-data'),
    backlog: plain(1),
    proxyTitle: plain('nginx'),
  },
  sockets: [{ path: plain('/run/shop/1.sock') }],
}

test('the names of list items are compared as well, both ways', () => {
  assert.match(fill(socket, view), /^ListenStream=\/run\/shop\/1\.sock$/m)
  assert.throws(() => fill(socket, { ...view, sockets: [{ pth: plain('x') }] }), /nothing is called path/)
  assert.throws(() => fill(socket, { ...view, sockets: [{ path: plain('x'), mode: plain('y') }] }), /nothing uses mode/)
})

test('a list where a template expects none is an error, and the other way round', () => {
  assert.throws(() => fill(socket, { ...view, sockets: plain('x') }), /#each.* does not fit/)
})
