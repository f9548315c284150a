import { judge } from '../../check.ts'
import { spanOf, told } from '../../inspect/quantities.ts'
import { childrenOf } from '../../processes.ts'
import { until } from '../../until.ts'
import { withoutSystemd } from '../exemptions.ts'
import { asRoot, hostOf, idOf, installed, type LiveCheck, serverProcesses, wrongOnes } from './base.ts'
import { closingDebuggers, debuggerPorts } from './debuggers.ts'

const group = 'Processes'
const ofProcess = { ...installed, group, needs: ['service.active'], exempt: asRoot } as const

/** Longer than idle connections are kept by a worker that leaves. */
const leaving = 8000

const active: LiveCheck = {
  ...installed,
  ...{ id: 'service.active', group, exempt: withoutSystemd },
  title: 'The service and its sockets are up',
  why: 'Nobody answers visitors.',
  how: 'systemctl show: ActiveState of both units',
  run: async (target) => {
    const { systemd, answers } = hostOf(target)
    const units = [`${answers.name}.socket`, `${answers.name}.service`]
    const problems: string[] = []
    for (const name of units) {
      const state = (await systemd?.unit(name))?.one('ActiveState') ?? 'not known'
      if (!['active', 'reloading'].includes(state)) problems.push(`${name} is ${state}`)
    }
    return judge(
      'both active',
      'so',
      problems,
      `systemctl reset-failed ${units.join(' ')}; systemctl start ${units.join(' ')}`,
    )
  },
}

const workers: LiveCheck = {
  ...ofProcess,
  id: 'process.workers',
  title: 'There are as many workers as the site wants',
  why: 'A missing worker is a missing share of what the host can do.',
  how: '/proc: the children of the master',
  run: async (target, signal) => {
    // After a reload a worker that leaves is there for as long as nginx may use its connections.
    const count = async () => (await childrenOf(target.master.pid)).length
    const settled = await until(async () => ((await count()) === target.workers ? target.workers : null), {
      ...{ within: leaving, every: 100, signal },
    })
    const found = settled ?? (await count())
    const { name } = hostOf(target).answers
    return judge(
      `${target.workers} workers`,
      `${found}`,
      found === target.workers ? [] : [`there are ${found}`],
      `systemctl reload ${name}`,
    )
  },
}

const identity: LiveCheck = {
  ...ofProcess,
  id: 'process.identity',
  title: 'Master and workers run as the user and group of the site, and no other',
  why: 'As root, whoever gets into the application owns the host; further groups may hold what it should not read.',
  how: '/proc/PID/status: Uid, Gid and Groups of each',
  run: async (target) => {
    const host = hostOf(target)
    const [uid, gid] = [await idOf(host, 'passwd', host.answers.user), await idOf(host, 'group', host.answers.group)]
    const problems = wrongOnes(await serverProcesses(target), ({ uids, gids, groups }) => {
      const right = uids.every((one) => one === uid) && [...gids, ...groups].every((one) => one === gid)
      return right ? null : `is uid ${uids[1]}, gid ${gids[1]}, in groups ${groups.join(', ') || 'none'}`
    })
    return judge(`uid ${uid}, gid ${gid}, no other group`, 'so', problems, target.renderAgain)
  },
}

const capabilities: LiveCheck = {
  ...ofProcess,
  id: 'process.capabilities',
  title: 'Master and workers have no capability of root',
  why: 'With some of them a process is root in all but name.',
  how: '/proc/PID/status: CapEff of each',
  run: async (target) => {
    const problems = wrongOnes(await serverProcesses(target), (facts) =>
      /^0+$/.test(facts.capabilities) ? null : `has ${facts.capabilities}`,
    )
    return judge('CapEff 0', 'so', problems, target.renderAgain)
  },
}

const privileges: LiveCheck = {
  ...ofProcess,
  id: 'process.no-new-privileges',
  title: 'Master and workers can get no more rights than they have',
  why: 'A setuid program such as sudo would be a way to root.',
  how: '/proc/PID/status: NoNewPrivs of each',
  run: async (target) => {
    const problems = wrongOnes(await serverProcesses(target), (facts) => (facts.noNewPrivileges ? null : 'could'))
    return judge('NoNewPrivs 1', 'so', problems, target.renderAgain)
  },
}

const seccomp: LiveCheck = {
  ...ofProcess,
  id: 'process.seccomp',
  title: 'The system calls of master and workers are filtered',
  why: 'Most holes in the kernel are in calls that no web application needs.',
  how: '/proc/PID/status: Seccomp of each',
  run: async (target) => {
    const problems = wrongOnes(await serverProcesses(target), (facts) =>
      facts.seccomp === 2 ? null : 'is not filtered',
    )
    return judge('Seccomp 2', 'so', problems, target.renderAgain)
  },
}

const descriptors: LiveCheck = {
  ...ofProcess,
  id: 'process.descriptors',
  title: 'Master and workers may open enough files and connections',
  why: 'Out of descriptors a worker can neither accept nor open a file.',
  how: '/proc/PID/limits: Max open files of each',
  run: async (target) => {
    const least = 4096
    const problems = wrongOnes(await serverProcesses(target), ({ files }) =>
      files === null || files >= least ? null : `may open ${files}`,
    )
    return judge(`${least} at least`, 'so', problems, target.renderAgain)
  },
}

const noDebugger: LiveCheck = {
  ...ofProcess,
  id: 'process.no-debugger',
  title: 'No debugger of Node.js waits for anybody',
  why: 'Whoever reaches it runs any code as the service.',
  how: 'command lines of all, and the TCP ports that they listen on, asked whether a debugger answers',
  run: async (target) => {
    const processes = await serverProcesses(target)
    const ports = await debuggerPorts(processes.map(({ pid }) => pid))
    const problems = wrongOnes(processes, ({ pid, commandLine }) => {
      const flag = commandLine.find((word) => word.startsWith('--inspect'))
      const port = ports.get(pid)
      return flag !== undefined ? `was started with ${flag}` : port === undefined ? null : `listens on ${port}`
    })
    return judge('none', 'so', problems, await closingDebuggers(target))
  },
}

const watchdog: LiveCheck = {
  ...ofProcess,
  id: 'watchdog.armed',
  title: 'The watchdog hears from the master',
  why: 'A master that hangs would stay, with workers that nobody replaces.',
  how: 'systemctl show: WatchdogUSec, and when it heard last',
  exempt: withoutSystemd,
  run: async (target) => {
    const { systemd, answers } = hostOf(target)
    const unit = await systemd?.unit(`${answers.name}.service`)
    const period = spanOf(unit?.one('WatchdogSec') ?? null) ?? 0
    const last = Number(unit?.one('WatchdogTimestampMonotonic') ?? 0) / 1000
    const ago = Number(process.hrtime.bigint() / 1_000_000n) - last
    const problems = [
      ...(period === 0 || period === Number.POSITIVE_INFINITY ? ['it is not armed'] : []),
      ...(period > 0 && (last === 0 || ago > period) ? ['it has not heard in time'] : []),
    ]
    return judge(
      'armed, and heard within its period',
      `${told(period)}, last ${Math.round(ago / 1000)} s ago`,
      problems,
      target.renderAgain,
    )
  },
}

/** The service and its processes, as the kernel and systemd see them. */
export const processChecks: readonly LiveCheck[] = [
  ...[active, workers, identity, capabilities, privileges, seccomp],
  ...[descriptors, noDebugger, watchdog],
]
