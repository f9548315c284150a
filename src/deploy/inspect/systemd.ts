import type { Run } from '../install/run-command.ts'
import { type UnitFacts, unitFromShow } from './unit-facts.ts'

/** What systemd has loaded and how it runs: never what stands in a file. */
export type Systemd = {
  /** One of the units it was made for; a unit that does not exist says so in LoadState. */
  readonly unit: (name: string) => Promise<UnitFacts>
}

/** Reads all units at once, when the first one is asked for. */
export function createSystemd(run: Run, units: readonly string[]): Systemd {
  let reading: Promise<ReadonlyMap<string, UnitFacts>> | null = null
  const read = async () => {
    const { stdout } = await run(['systemctl', 'show', '--all', '--no-pager', ...units])
    return unitsOf(stdout, units)
  }
  return {
    unit: async (name) => {
      reading ??= read()
      const found = (await reading).get(name)
      if (found === undefined) throw new Error(`systemctl show says nothing of ${name}`)
      return found
    },
  }
}

/** Blocks come in the order in which they were asked for, with empty lines between. */
export function unitsOf(shown: string, units: readonly string[]): ReadonlyMap<string, UnitFacts> {
  const blocks = shown.trim().split(/\n\s*\n/)
  return new Map(units.map((unit, index) => [unit, unitFromShow(blocks[index] ?? '')]))
}

/** The units that checks of a site ask about. */
export function unitsAround(name: string): readonly string[] {
  return [`${name}.service`, `${name}.socket`, 'nginx.service', 'logrotate.timer', 'certbot.timer']
}
