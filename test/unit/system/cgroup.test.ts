import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oomKills, oomKillsOfHost } from '../../../src/system/cgroup.ts'

const read = (files: Record<string, string>) => (path: string) => files[path.replaceAll('//', '/')] ?? null

test('processes killed for want of memory are counted in our own cgroup, by either version', () => {
  const two = { '/a/b/memory.events': 'oom 3\noom_kill 2\noom_group_kill 0', '/a/memory.events': 'oom_kill 9' }
  assert.equal(oomKills(read(two), '0::/a/b'), 2)
  const one = { '/memory/a/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 4' }
  assert.equal(oomKills(read(one), '9:cpu:/\n4:memory:/a\n0::/'), 4)
})

test('where nobody counts, nothing is claimed', () => {
  assert.equal(oomKills(read({}), '0::/a'), null)
  assert.equal(oomKills(read({ '/memory.events': 'low 0' }), '0::/'), null)
})

test('kills of the whole machine are read too', () => {
  assert.equal(oomKillsOfHost('oom_kill_disable 1\noom_kill 29\npgfault 3'), 29)
  assert.equal(oomKillsOfHost('pgfault 3'), null)
})
