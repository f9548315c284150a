/** What a logrotate file says: which logs, which directives, and the lines of its scripts. */
export type Rotation = {
  readonly logs: readonly string[]
  readonly directives: readonly string[]
  readonly script: readonly string[]
}

/** Reads a logrotate file with one stanza as logrotate.conf(5) has it. */
export function parseLogrotate(text: string): Rotation {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const [head = '', ...rest] = lines
  if (!head.endsWith('{') || rest.at(-1) !== '}') throw new Error('not one stanza')
  const logs = [...head.slice(0, -1).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
  const body = rest.slice(0, -1)
  const [start, end] = [body.indexOf('postrotate'), body.indexOf('endscript')]
  return {
    logs,
    directives: [...body.slice(0, start), ...body.slice(end + 1)],
    script: body.slice(start + 1, end),
  }
}
