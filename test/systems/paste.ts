import type { System } from './system.ts'

/** Commands that tell by their status what they saw: nothing said, a unit that is stopped, a file that is not there. */
const telling = [
  [/^journalctl -k .*$/m, 1],
  [/^systemctl status .*$/m, 3],
  [/^ls -l .*$/m, 2],
] as const

/** Pastes a block as it stands. */
export async function paste(system: System, block: string): Promise<string> {
  const pasted = telling.reduce((text, [line, status]) => text.replace(line, `{ $& || [ $? = ${status} ]; }`), block)
  await system.write('/root/pasted', pasted)
  return system.run('bash -e /root/pasted 2>&1', { within: 120_000 })
}

/** Runs a command that follows a log until it has told of something: the line that does. */
export function follow(system: System, command: string, pattern: string): Promise<string> {
  return system.run(`timeout 60 bash -c "grep -m 1 -e '${pattern}' < <(${command} 2>&1)"`, { within: 90_000 })
}
