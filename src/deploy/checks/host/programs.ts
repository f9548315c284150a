import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { judge, pass, warn } from '../../check.ts'
import type { HostTarget } from '../../inspect/host-target.ts'
import { commandLine } from '../../install/run-command.ts'
import { bootedOnly, type HostCheck, ofHost, rootOnly } from './base.ts'

const group = 'Programs'

/** The oldest Node.js that tsicorn runs on. */
const oldestNode = [20, 19] as const

const node: HostCheck = {
  ...ofHost,
  ...{ id: 'host.node', group },
  title: 'Node.js is where the unit expects it, and new enough',
  why: 'An upgrade of Node.js often moves it, and the service does not start at the next boot.',
  how: 'the node of the unit, asked for its version',
  run: async (target) => {
    const { answers, run } = target
    const expected = `${answers.node} of version ${oldestNode.join('.')} or later`
    const { ok, stdout } = await run([answers.node, '--version'])
    if (!ok) return judge(expected, '', [`${answers.node} cannot be run`], await asHere(target))
    const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number)
    const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
    return judge(expected, stdout.trim(), isOld ? [`it is ${stdout.trim()}`] : [], 'apt-get install nodejs')
  },
}

const launcher: HostCheck = {
  ...ofHost,
  ...{ id: 'host.launcher', group },
  title: 'tsicorn is where the unit expects it, of the version that checks',
  why: 'Moved away, the service does not start; of another version, the files may ask for what it does not know.',
  how: 'package.json beside the launcher of the unit',
  run: async (target) => {
    const { answers, reader, version } = target
    const expected = `${answers.tsicorn} of version ${version}`
    const text = reader.text(answers.tsicorn.replace(/\/bin\/[^/]+$/, '/package.json'))
    if (text === null) return judge(expected, '', [`there is none at ${answers.tsicorn}`], await asHere(target))
    const found = /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'none'
    return found === version
      ? pass(expected, found)
      : warn(expected, `version ${found}`, `npm install --global tsicorn@${version}`)
  },
}

const versions: HostCheck = {
  ...ofHost,
  ...{ id: 'host.versions', group },
  title: 'nginx and systemd are of the versions that the files were written for',
  why: 'A newer one may warn about a spelling, an older one may refuse it.',
  how: 'nginx -v and systemctl --version, beside the answers',
  run: async (target) => {
    const { answers } = target
    const { nginx, systemd } = await versionsHere(target)
    const expected = `nginx ${answers.nginxVersion}, systemd ${answers.systemdVersion}`
    const found = `nginx ${nginx}, systemd ${systemd}`
    return expected === found ? pass(expected, found) : warn(expected, found, await asHere(target))
  },
}

const application: HostCheck = {
  ...ofHost,
  ...{ id: 'host.application', group, needs: ['host.accounts'] },
  title: 'The service may read the application',
  why: 'It runs as a user of its own, who cannot enter a home directory with mode 0700.',
  how: 'the working directory, read as the user of the service',
  exempt: rootOnly,
  run: async ({ answers, run }) => {
    const { workingDirectory: directory, user } = answers
    const expected = `${directory}, readable by ${user}`
    const { ok } = await run(['runuser', '--user', user, '--', 'test', '-r', directory, '-a', '-x', directory])
    const fix = existsSync(directory) ? opening(realpathSync(directory)) : null
    return judge(expected, 'so', ok ? [] : [`${user} cannot read ${directory}`], fix)
  },
}

/** A directory is shut where one on the way to it is. */
function opening(directory: string): string {
  const shut = wayTo(directory).filter((one) => (statSync(one).mode & 0o001) === 0)
  const commands = [...shut.map((one) => ['chmod', 'o+x', one] as const), ['chmod', 'o+rx', directory] as const]
  return commands.map(commandLine).join(' && ')
}

function wayTo(path: string): readonly string[] {
  const parent = dirname(path)
  return parent === path ? [] : [...wayTo(parent), parent]
}

const exposure: HostCheck = {
  ...ofHost,
  ...{ id: 'host.exposure', group, needs: ['host.units-loaded'] },
  title: 'The sandbox is as tight as it was measured to be',
  why: 'What gets into the application should find nothing to do.',
  how: 'systemd-analyze security: its figure from 0 (safe) to 10',
  exempt: bootedOnly,
  run: async ({ answers, run, again }) => {
    const { stdout } = await run(['systemd-analyze', 'security', '--no-pager', `${answers.name}.service`])
    const figure = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN)
    const expected = '1.5 at most'
    return judge(expected, String(figure), figure <= 1.5 ? [] : [`it is ${figure}`], again)
  },
}

async function versionsHere({ run }: HostTarget): Promise<{ readonly nginx: string; readonly systemd: number }> {
  const nginx = /nginx\/([\d.]+)/.exec((await run(['nginx', '-v'])).stderr)?.[1] ?? 'none'
  const systemd = Number(/^systemd (\d+)/.exec((await run(['systemctl', '--version'])).stdout)?.[1] ?? 0)
  return { nginx, systemd }
}

/** The site anew, written for the programs that are here: init alone keeps the answers of before. */
async function asHere(target: HostTarget): Promise<string> {
  const { nginx, systemd } = await versionsHere(target)
  const { node: binary, launcher: script } = target.own
  const known = nginx === 'none' || systemd === 0 ? [] : ['--nginx-version', nginx, '--systemd-version', `${systemd}`]
  return target.againWith(['--node', binary, '--tsicorn', script, ...known])
}

/** Programs, and what they make of the site. */
export const programChecks: readonly HostCheck[] = [node, launcher, versions, application, exposure]
