import assert from 'node:assert/strict'
import test from 'node:test'
import { parseStat, parseStatus } from '../../../src/system/proc.ts'
import { parseTcp, parseUnix } from '../../../src/system/proc-net.ts'

const after = '1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 4711 1000 200 184'

test('a process is read even when its name holds brackets and spaces', () => {
  assert.deepEqual(parseStat(`812 (node) S ${after}`), { pid: 812, parent: 1, state: 'S', startTime: 4711 })
  assert.deepEqual(parseStat(`812 (a) R 9 (b) Z ${after}`), { pid: 812, parent: 1, state: 'Z', startTime: 4711 })
  assert.equal(parseStat('nonsense'), null)
})

test('the credentials of a process are read from its status', () => {
  const text =
    'Name:\tnode\nUid:\t0\t33\t33\t33\nGid:\t33\t33\t33\t33\nGroups:\t4 33 \nCapPrm:\t00000000000000c0\nCapEff:\t0000000000000040\nCapAmb:\t0000000000000000\n'
  assert.deepEqual(parseStatus(text), {
    uids: [0, 33, 33, 33],
    gids: [33, 33, 33, 33],
    groups: [4, 33],
    capabilities: { effective: 0x40n, permitted: 0xc0n, ambient: 0n },
  })
  assert.deepEqual(parseStatus('Groups:\t \nNStgid:\t812\n').groups, [])
  assert.deepEqual(parseStatus('Groups:\nNStgid:\t812\n').groups, [])
})

test('listening sockets are told from connections', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12346 1 0000000000000000 20 4 30 10 -1
`
  const [one, ...others] = parseTcp(text)
  assert.deepEqual(others, [])
  assert.deepEqual([one?.port, one?.inode], [8000, 12345])
  assert.equal(one?.address.length, 4)
})

test('unix sockets are read with their path, spaces included', () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
000000008b261b7e: 00000002 00000000 00010000 0001 01  1056 /run/my app.sock
00000000c06a0a45: 00000003 00000000 00000000 0001 03  1057
00000000c06a0a46: 00000003 00000000 00000000 0001 03 31057 /run/other.sock
`
  assert.deepEqual(parseUnix(text), [
    { path: '/run/my app.sock', inode: 1056, listens: true },
    { path: '/run/other.sock', inode: 31057, listens: false },
  ])
})
