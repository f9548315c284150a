import { existsSync, readFileSync } from 'node:fs'
import { spawnGroup } from '../helpers/process-group.ts'
import type { TempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { program } from './needs.ts'

/** What rsyslog understood of one message. */
export type Understood = Readonly<
  Record<'pri' | 'app' | 'procid' | 'msgid' | 'data' | 'msg' | 'host' | 'time', string | undefined>
>

export type Rsyslog = AsyncDisposable & { readonly messages: () => readonly Understood[] }

const fields = { pri: 'pri', app: 'app-name', procid: 'procid', msgid: 'msgid', data: 'structured-data', msg: 'msg' }
const more = { host: 'hostname', time: 'timestamp:::date-rfc3339' }

/** A real rsyslog, which writes to `out` what it receives from the input, a line of its configuration. */
export async function startRsyslog(dir: TempDir, input: string): Promise<Rsyslog> {
  const parts = Object.entries({ ...fields, ...more }).map(([name, property]) => {
    const options = property.includes(':::') ? ':json' : ':::json'
    return `\\"${name}\\":\\"%${property}${options}%\\"`
  })
  const config = await dir.write(
    'rsyslog.conf',
    [
      'module(load="imuxsock" SysSock.Use="off")',
      'module(load="imudp")',
      'module(load="imtcp")',
      `template(name="fields" type="string" string="{${parts.join(',')}}\\n")`,
      input,
      `action(type="omfile" file="${dir.join('out')}" template="fields")`,
      '',
    ].join('\n'),
  )
  const args = ['-n', '-f', config, '-i', dir.join('rsyslog.pid')]
  const group = spawnGroup(program('rsyslogd'), args, { cwd: dir.path, stdio: ['ignore', 'ignore', 'inherit'] })
  await until(() => existsSync(dir.join('rsyslog.pid')), { what: 'rsyslogd to be up' })
  return {
    messages: () => (existsSync(dir.join('out')) ? read(dir.join('out')) : []),
    [Symbol.asyncDispose]: async () => {
      await group.kill()
      await group.ended
    },
  }
}

function read(file: string): readonly Understood[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Understood)
}
