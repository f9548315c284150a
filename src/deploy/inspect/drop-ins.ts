import { posix } from 'node:path'
import { commandLine } from '../install/run-command.ts'
import type { Setup } from './setup.ts'
import { type UnitFacts, unitFromText } from './unit-facts.ts'

/** Lines of the operator for a unit. A deployment leaves them alone, so what is wrong in them it does not mend. */
export type DropIn = {
  readonly path: string
  /** How things would be without it. */
  readonly without: () => Setup
}

/** Unit files with their drop-ins after them, by path. */
export type UnitTexts = readonly (readonly [path: string, content: string])[]

/** What the units of a site would say with these texts. */
export function unitsFrom(name: string, texts: UnitTexts): Pick<Setup, 'service' | 'socket'> {
  const unit = (kind: string): UnitFacts => {
    const own = texts.filter(([path]) => path.startsWith(`/etc/systemd/system/${name}.${kind}`))
    return unitFromText(own.map(([, content]) => content).join('\n'))
  }
  return { service: unit('service'), socket: unit('socket') }
}

/** The drop-ins among the texts of units. */
export function dropInsOf(setup: Omit<Setup, 'dropIns'>, texts: UnitTexts): readonly DropIn[] {
  return texts
    .filter(([path]) => /\.d\/[^/]+$/.test(path))
    .map(([path]) => {
      const others = texts.filter(([other]) => other !== path)
      return { path, without: () => ({ ...setup, ...unitsFrom(setup.answers.name, others), dropIns: [] }) }
    })
}

/** The command that puts a drop-in aside, where it can be read and systemd does not: it reads what ends in `.conf`. */
export function puttingAside(path: string, { answers: { name }, root }: Pick<Setup, 'answers' | 'root'>): string {
  const file = posix.join('/', root, path)
  const move = commandLine(['mv', file, `${file}.off`])
  if (root !== '') return move
  // systemd makes sockets anew only while nobody holds them.
  const units = path.includes('.socket.d/') ? [`${name}.socket`, `${name}.service`] : [`${name}.service`]
  return `${move} && systemctl daemon-reload && ${commandLine(['systemctl', 'restart', ...units])}`
}
