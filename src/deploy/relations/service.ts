import { placesOf } from '../../bundle/places.ts'
import { hopelessExits } from '../../bundle/unit-views.ts'
import type { Setup } from '../inspect/setup.ts'
import { type Finding, type Relation, same, unless } from './relation.ts'

const group = 'Service'

export const service: readonly Relation[] = [
  {
    ...{ key: 'identity', group, reads: ['units'] },
    title: 'The service runs as the user and group of the answers',
    why: 'Without User= it runs as root, and whoever gets into the application owns the host.',
    judge: ({ service: unit, answers }) =>
      same(
        `User=${answers.user} Group=${answers.group}`,
        `User=${unit.one('User') ?? ''} Group=${unit.one('Group') ?? ''}`,
      ),
  },
  {
    ...{ key: 'start-command', group, reads: ['units'] },
    title: 'The service starts node itself, with the config file of the site',
    why: 'npm and shells do not pass signals on, so stopping would cut requests; another config file is another site.',
    judge: ({ service: unit, answers }) =>
      same(
        `${answers.node} ${answers.tsicorn} serve --config ${placesOf(answers).configFile}`,
        unquoted(unit.one('ExecStart')),
      ),
  },
  {
    ...{ key: 'notify', group, reads: ['units'] },
    title: 'The service counts as started once its workers are ready',
    why: 'Otherwise systemd reports success for an application that does not even load, and has no watchdog to listen to.',
    judge: ({ service: unit }) => {
      const expected = 'Type=notify NotifyAccess=main'
      const found = `Type=${unit.one('Type') ?? ''} NotifyAccess=${unit.one('NotifyAccess') ?? ''}`
      return { expected, found, ok: /^Type=notify(-reload)? NotifyAccess=(main|exec|all)$/.test(found) }
    },
  },
  {
    ...{ key: 'kill-mode', group, reads: ['units'] },
    title: 'A stop is told to the master alone',
    why: 'Workers that get the signal too end at once, with the requests they have in hand.',
    judge: ({ service: unit }) => same('KillMode=mixed', `KillMode=${unit.one('KillMode') ?? ''}`),
  },
  {
    ...{ key: 'out-of-memory', group, reads: ['units'] },
    title: 'A worker that runs out of memory does not end the service',
    why: "systemd's default stops everything for one process that the kernel ended.",
    judge: ({ service: unit }) => same('OOMPolicy=continue', `OOMPolicy=${unit.one('OOMPolicy') ?? ''}`),
  },
  {
    ...{ key: 'restart', group, reads: ['units'] },
    title: 'A service that fails is started again',
    why: 'One crash of the master at night would be an outage until somebody wakes up.',
    judge: ({ service: unit }) => {
      const found = unit.one('Restart') ?? ''
      return {
        expected: 'Restart=on-failure or always',
        found: `Restart=${found}`,
        ok: /^(on-failure|always)$/.test(found),
      }
    },
  },
  {
    ...{ key: 'exit-codes', group, reads: ['units'] },
    title: 'What another start cannot mend is not tried again, and all else is',
    why: 'A broken configuration would be started for ever; an exit status too many and a crash would be final.',
    judge: ({ service: unit }) =>
      same(
        `RestartPreventExitStatus=${hopelessExits.join(' ')}`,
        `RestartPreventExitStatus=${unit.all('RestartPreventExitStatus').join(' ')}`,
      ),
  },
  {
    ...{ key: 'umask', group, reads: ['units'] },
    title: 'What the application writes is not for everybody',
    why: 'Uploads and logs would be readable by every account of the host.',
    judge: ({ service: unit }) => {
      const found = unit.one('UMask') ?? '0022'
      return {
        expected: 'UMask=0027 or stricter',
        found: `UMask=${found}`,
        ok: (Number.parseInt(found, 8) & 0o027) === 0o027,
      }
    },
  },
  {
    ...{ key: 'writable', group, reads: ['units'] },
    title: 'The service may write to its run, state and log directories',
    why: 'The sandbox makes all else read-only: the control socket could not be made, and logs and uploads would fail.',
    judge: writable,
  },
]

// A path may stand in quotes, and %% is a percent sign.
function unquoted(command: string | null): string {
  return (command ?? '').replaceAll('"', '').replaceAll('%%', '%')
}

function writable({ service: unit, answers }: Setup): Finding {
  const paths = unquoted(unit.all('ReadWritePaths').join(' ')).split(' ')
  const made = (key: string, top: string) =>
    unit
      .all(key)
      .join(' ')
      .split(' ')
      .map((name) => `${top}/${unquoted(name)}`)
  const all = [...paths, ...made('StateDirectory', '/var/lib'), ...made('LogsDirectory', '/var/log')]
  const { runtimeDirectory, stateDirectory, logDirectory, logs } = answers
  const needed = [runtimeDirectory, stateDirectory, ...(logs === 'files' ? [logDirectory] : [])]
  return unless(
    needed.filter((path) => !all.includes(path)).map((path) => `${path} is read-only`),
    `ReadWritePaths=, StateDirectory= or LogsDirectory= for ${needed.join(', ')}`,
  )
}
