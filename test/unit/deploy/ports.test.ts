import assert from 'node:assert/strict'
import test from 'node:test'
import { parseListenRows } from '../../../src/deploy/ports.ts'

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:20FB 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 41240 1 0000000000000000 20 4 30 10 -1
`

const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 555 1 0000000000000000 100 0 0 10 0
`

test('a listening port is found with its owner, and connections to it are not taken for it', () => {
  assert.deepEqual(parseListenRows(tcp), [{ port: 8443, uid: 1000, inode: '41234' }])
})

test('a port that is taken by IPv6 is found too', () => {
  assert.deepEqual(parseListenRows(tcp6), [{ port: 8080, uid: 0, inode: '555' }])
})

test('a system without these tables has no known holder', () => {
  assert.deepEqual(parseListenRows(''), [])
})
