import { lstatSync } from 'node:fs'
import { placesOf, socketPaths } from '../../../bundle/places.ts'
import type { ControlAnswer, StatusView } from '../../../contract/control.ts'
import { serverTable } from '../../../settings/server-table.ts'
import type { SettingsTable } from '../../../settings/setting.ts'
import { showSetting } from '../../../settings/show-setting.ts'
import { judge } from '../../check.ts'
import { askControl } from '../../control.ts'
import { readConfig } from '../../inspect/server-facts.ts'
import { commandLine } from '../../install/run-command.ts'
import { asRoot, hostOf, idOf, installed, type LiveCheck } from './base.ts'

const group = 'Sockets'
const ofSocket = { ...installed, group, needs: ['service.active'], exempt: asRoot } as const

/** systemd makes sockets anew only while nobody holds them. */
function restartAll(name: string): string {
  return `systemctl restart ${name}.socket ${name}.service`
}

const owner: LiveCheck = {
  ...ofSocket,
  id: 'socket.owner',
  title: 'The sockets belong to the service, and to the group of nginx',
  why: 'Without the group nginx gets "permission denied", and every visitor a 502.',
  how: 'owner and group of each socket',
  run: async (target) => {
    const host = hostOf(target)
    const { user, nginxGroup } = host.answers
    const [uid, gid] = [await idOf(host, 'passwd', user), await idOf(host, 'group', nginxGroup)]
    const wrong = socketPaths(host.answers).filter((path) => {
      const found = lstatSync(path, { throwIfNoEntry: false })
      return found === undefined || found.uid !== uid || found.gid !== gid
    })
    const isGone = wrong.some((path) => lstatSync(path, { throwIfNoEntry: false }) === undefined)
    const fix = isGone ? restartAll(host.answers.name) : commandLine(['chown', `${user}:${nginxGroup}`, ...wrong])
    return judge(
      `${user}:${nginxGroup}`,
      'so',
      wrong.map((path) => `${path} does not`),
      fix,
    )
  },
}

const mode: LiveCheck = {
  ...ofSocket,
  id: 'socket.mode',
  title: 'Nobody else may open the sockets',
  why: 'Whoever may open a socket may forge the address of any client.',
  how: 'mode of each socket',
  run: async (target) => {
    const modes = socketPaths(hostOf(target).answers).map((path) => ({
      path,
      mode: (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777,
    }))
    const wrong = modes.filter((one) => one.mode !== 0o660)
    const fix = commandLine(['chmod', '0660', ...wrong.map(({ path }) => path)])
    return judge(
      '0660',
      'so',
      wrong.map((one) => `${one.path} has 0${one.mode.toString(8)}`),
      fix,
    )
  },
}

/** Connects to each path, and fails with the first that refuses. */
const connecting = `let left = process.argv.slice(1)
const next = () => {
  const path = left.shift()
  if (path === undefined) process.exit(0)
  const socket = require('node:net').connect({ path })
  socket.once('error', (error) => { console.error(error.code + ' ' + path); process.exit(1) })
  socket.once('connect', () => { socket.destroy(); next() })
}
next()`

const reachable: LiveCheck = {
  ...ofSocket,
  id: 'socket.reachable',
  needs: ['socket.owner', 'socket.mode'],
  title: "nginx's user can connect to every socket",
  why: 'Whatever stands in the way, visitors get a 502.',
  how: 'a connection to each socket, made as the user of nginx',
  run: async (target) => {
    const { run, answers } = hostOf(target)
    const who = ['runuser', '--user', answers.nginxUser, '--', answers.node] as const
    const { ok, stderr } = await run([...who, '-e', connecting, ...socketPaths(answers)])
    const fix = `systemd-tmpfiles --create ${answers.name}.conf && systemctl restart ${answers.name}`
    return judge(
      `${answers.nginxUser} gets through`,
      'so',
      ok ? [] : [stderr.trim().split('\n').at(-1) ?? 'refused'],
      fix,
    )
  },
}

const control: LiveCheck = {
  ...ofSocket,
  id: 'control.answers',
  title: 'The master answers, and all its workers are ready',
  why: 'Reloads go this way; a worker that never becomes ready keeps failing for some reason.',
  how: 'status over the control socket',
  run: async (target) => {
    const { answers } = hostOf(target)
    const expected = `running, ${answers.workers} ready`
    const restart = `systemctl restart ${answers.name}`
    const answer = await askControl(placesOf(answers).controlSocket, { command: 'status' }).catch(silent)
    const view = answer.ok ? (answer.view as StatusView) : null
    if (view === null) return judge(expected, '', [answer.message], restart)
    const ready = view.workers.filter(({ state }) => state === 'ready').length
    const right = view.state === 'running' && ready >= view.wanted
    return judge(
      expected,
      `${view.state}, ${ready} ready`,
      right ? [] : [`${view.state}, ${ready} of ${view.wanted} ready: ${view.lastError ?? 'no error'}`],
      restart,
    )
  },
}

function silent(error: unknown): ControlAnswer {
  return { ok: false, message: error instanceof Error ? error.message : String(error), fix: null }
}

const current: LiveCheck = {
  ...ofSocket,
  id: 'control.config-current',
  needs: ['control.answers'],
  title: 'The server runs with what its config file says',
  why: 'The file may have been changed since; at the next restart something else would begin.',
  how: 'each setting of the file beside what the master says is in force',
  run: async (target) => {
    const { answers } = hostOf(target)
    const { configFile, controlSocket } = placesOf(answers)
    const answer = await askControl(controlSocket, { command: 'config' })
    const view = (answer.ok ? answer.view : {}) as Readonly<
      Record<string, { readonly value: string; readonly layer: string }>
    >
    const rows: SettingsTable = serverTable
    const problems = Object.entries(readConfig(configFile)).flatMap(([name, given]) => {
      const [row, inForce] = [rows[name], view[name]]
      const reading = row?.kind.accept(given)
      if (row === undefined || inForce === undefined || !reading?.ok || inForce.layer !== 'file') return []
      const formatted = showSetting(row, row.kind.anchor?.(reading.value, answers.workingDirectory) ?? reading.value)
      return formatted === inForce.value ? [] : [`${name} is ${inForce.value} and should be ${formatted}`]
    })
    return judge('the same', 'so', problems, `systemctl restart ${answers.name}`)
  },
}

/** The way from nginx to the workers, and from an operator to the master. */
export const socketChecks: readonly LiveCheck[] = [owner, mode, reachable, control, current]
