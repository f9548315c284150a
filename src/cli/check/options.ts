import { type Command, Option } from 'commander'
import type { Flags } from '../context.ts'

const group = 'Checking'

/** The flags of `tsicorn deploy --check`. */
export function addCheckOptions(command: Command): void {
  const add = (option: Option) => command.addOption(option.helpGroup(group))
  const gather = (value: string, previous: readonly string[] = []) => [...previous, value]
  add(new Option('--check', 'verify instead of deploying; nothing is changed'))
  add(
    new Option('--layer <LAYER>', 'check this layer only, files, host or live; may be repeated').argParser(
      (value, previous) => gather(value, previous as unknown as readonly string[] | undefined),
    ),
  )
  add(new Option('--active', 'also check what reloads the service and rotates its log, without losing anything'))
  add(new Option('--strict', 'count warnings as failures'))
  add(new Option('--junit <FILE>', 'write the report as JUnit XML too'))
}

/** Whether checking is asked for. Flags that only make sense with it ask for it too, and are then refused by name. */
export function isCheck(flags: Flags): boolean {
  return ['check', 'layer', 'active', 'strict', 'junit'].some((name) => flags[name] !== undefined)
}
