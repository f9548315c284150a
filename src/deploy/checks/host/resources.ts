import { judge } from '../../check.ts'
import { sizeOf } from '../../inspect/quantities.ts'
import { bootedOnly, type HostCheck, ofHost } from './base.ts'

const group = 'Resources'

/** Less than this, and logs and uploads fill the disk within hours. */
const leastRoom = { bytes: 256 * 1024 ** 2, inodes: 0.01 }

/** What Node.js takes before the application has done anything. */
const smallestWorker = 64 * 1024 ** 2

const disk: HostCheck = {
  ...ofHost,
  ...{ id: 'host.disk', group },
  title: 'There is room on the disks that are written to',
  why: 'On a full disk logs stop, uploads fail, and nginx answers larger requests with 500.',
  how: 'free bytes and inodes where state, logs and the application are',
  run: async ({ answers, reader }) => {
    const paths = [...new Set([answers.stateDirectory, answers.nginxLogDirectory, '/var/lib', '/tmp'])]
    const problems = paths.flatMap((path) => {
      const room = reader.room(path)
      if (room === null) return []
      return [
        ...(room.freeBytes < leastRoom.bytes ? [`${path} has ${Math.floor(room.freeBytes / 1024 ** 2)} MiB left`] : []),
        ...(room.freeInodes < leastRoom.inodes
          ? [`${path} has ${(100 * room.freeInodes).toFixed(1)} % of its inodes left`]
          : []),
      ]
    })
    return judge(
      '256 MiB and 1 % of the inodes at least',
      'so',
      problems,
      'journalctl --vacuum-size=100M && apt-get clean',
    )
  },
}

const queue: HostCheck = {
  ...ofHost,
  ...{ id: 'host.queue', group },
  title: 'The kernel allows queues as long as the site wants them',
  why: 'It cuts them to its own limit without a word; a full queue is a 502.',
  how: 'net.core.somaxconn beside Backlog=',
  exempt: bootedOnly,
  run: async ({ answers, reader, systemd }) => {
    const most = Number(reader.text('/proc/sys/net/core/somaxconn')?.trim() ?? Number.NaN)
    const socket = await systemd?.unit(`${answers.name}.socket`)
    const wanted = Number(socket?.one('Backlog') ?? 0)
    const expected = `net.core.somaxconn of ${wanted} at least`
    const fix = `sysctl --write net.core.somaxconn=${wanted} && systemctl stop ${answers.name}.service && systemctl restart ${answers.name}.socket && systemctl start ${answers.name}.service`
    return judge(expected, String(most), most >= wanted ? [] : [`it is ${most}`], fix)
  },
}

const memory: HostCheck = {
  ...ofHost,
  ...{ id: 'host.memory', group },
  title: 'The host has the memory that the service may take',
  why: 'The limit would never be met: instead of a worker, the kernel ends whatever it likes.',
  how: '/proc/meminfo beside MemoryMax=, and the number of workers',
  exempt: bootedOnly,
  run: async ({ answers, reader, systemd, again }) => {
    const total = 1024 * Number(/^MemTotal:\s+(\d+) kB/m.exec(reader.text('/proc/meminfo') ?? '')?.[1] ?? 0)
    const service = await systemd?.unit(`${answers.name}.service`)
    const most = sizeOf(service?.one('MemoryMax') ?? null) ?? Number.POSITIVE_INFINITY
    const least = smallestWorker * (answers.workers + 1)
    const mib = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`
    const problems = [
      ...(answers.memory !== 'off' && most > total ? [`MemoryMax is ${mib(most)} of ${mib(total)}`] : []),
      ...(Math.min(most, total) < least ? [`${answers.workers} workers need ${mib(least)} at least`] : []),
    ]
    return judge('MemoryMax below what there is, and enough for the workers', `${mib(total)} in all`, problems, again)
  },
}

const clock: HostCheck = {
  ...ofHost,
  ...{ id: 'host.clock', group },
  title: 'The clock is kept right',
  why: 'With a wrong clock certificates are not valid yet or any more, and logs tell the wrong story.',
  how: 'timedatectl show',
  exempt: bootedOnly,
  run: async ({ run, reader }) => {
    // A container has the clock of its host.
    const isContainer = (await run(['systemd-detect-virt', '--container'])).stdout.trim() !== 'none'
    const { stdout } = await run(['timedatectl', 'show', '--property=NTPSynchronized'])
    const isKept = /=yes/.test(stdout) || isContainer || reader.text('/run/chrony/chronyd.pid') !== null
    return judge(
      'synchronised',
      isContainer ? 'as the host of this container' : 'so',
      isKept ? [] : ['it is not synchronised'],
      'timedatectl set-ntp true',
    )
  },
}

/** What there has to be enough of. */
export const resourceChecks: readonly HostCheck[] = [disk, queue, memory, clock]
