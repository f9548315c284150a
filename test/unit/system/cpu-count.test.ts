import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuQuota, memoryLimit } from '../../../src/system/cgroup.ts'
import { availableWorkers } from '../../../src/system/cpu-count.ts'

const read = (files: Record<string, string>) => (path: string) => files[path.replaceAll('//', '/')] ?? null
const mebibyte = 1024 * 1024

test('without limits there is a worker for each CPU', () => {
  assert.deepEqual(availableWorkers({ parallelism: 4, quota: null, memory: null }), { count: 4, reason: '4 CPUs' })
  assert.deepEqual(availableWorkers({ parallelism: 1, quota: null, memory: null }), { count: 1, reason: '1 CPU' })
})

test('a quota of the cgroup lowers the number, rounded up, and the reason says so', () => {
  const two = { count: 2, reason: '1.5 CPUs by the quota of the cgroup' }
  assert.deepEqual(availableWorkers({ parallelism: 16, quota: 1.5, memory: null }), two)
  assert.equal(availableWorkers({ parallelism: 2, quota: 8, memory: null }).reason, '2 CPUs')
  assert.equal(availableWorkers({ parallelism: 8, quota: 0.1, memory: null }).count, 1)
})

test('a memory limit of the cgroup lowers the number, to one at least', () => {
  const { count, reason } = availableWorkers({ parallelism: 16, quota: 4, memory: 300 * mebibyte })
  assert.equal(count, 2)
  assert.equal(reason, '300 MB of memory in the cgroup, 128 MB a worker')
  assert.equal(availableWorkers({ parallelism: 16, quota: null, memory: 10 * mebibyte }).count, 1)
})

test('the least quota of the cgroups around us counts (version 2)', () => {
  const files = {
    '/system.slice/app.service/cpu.max': 'max 100000',
    '/system.slice/cpu.max': '150000 100000',
    '/cpu.max': '400000 100000',
    '/system.slice/app.service/memory.max': '536870912',
    '/system.slice/memory.max': 'max',
  }
  const membership = '0::/system.slice/app.service\n'
  assert.equal(cpuQuota(read(files), membership), 1.5)
  assert.equal(memoryLimit(read(files), membership), 512 * mebibyte)
})

test('quotas of version 1 are read too, also from inside a container', () => {
  const files = {
    '/cpu,cpuacct/cpu.cfs_quota_us': '50000',
    '/cpu,cpuacct/cpu.cfs_period_us': '100000',
    '/memory/docker/abc/memory.limit_in_bytes': '268435456',
    '/memory/memory.limit_in_bytes': '9223372036854771712',
  }
  const membership = '5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n'
  assert.equal(cpuQuota(read(files), membership), 0.5)
  assert.equal(memoryLimit(read(files), membership), 256 * mebibyte)
})

test('where no cgroup sets a limit there is none', () => {
  const files = { '/cpu/cpu.cfs_quota_us': '-1', '/cpu/cpu.cfs_period_us': '100000', '/cpu.max': 'max 100000' }
  assert.equal(cpuQuota(read(files), '1:cpu:/\n0::/\n'), null)
  assert.equal(memoryLimit(read(files), '1:cpu:/\n0::/\n'), null)
  assert.equal(cpuQuota(read({}), ''), null)
})
