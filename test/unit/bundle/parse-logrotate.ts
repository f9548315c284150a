/** What a logrotate file says: which logs, which directives, and the lines of its scripts. */
export type Rotation = {
  readonly logs: readonly string[]
  readonly directives: readonly string[]
  readonly script: readonly string[]
}

/** Reads the stanzas of a logrotate file as logrotate.conf(5) has them. */
export function parseLogrotate(text: string): readonly Rotation[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const stanzas: string[][] = []
  for (const line of lines) {
    if (line.endsWith('{')) stanzas.push([])
    const stanza = stanzas.at(-1)
    if (stanza === undefined || stanza.at(-1) === '}') throw new Error(`outside of every stanza: ${line}`)
    stanza.push(line)
  }
  return stanzas.map(readStanza)
}

function readStanza([head = '', ...rest]: readonly string[]): Rotation {
  if (rest.at(-1) !== '}') throw new Error('a stanza without an end')
  const logs = [...head.slice(0, -1).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
  const body = rest.slice(0, -1)
  const [start, end] = [body.indexOf('postrotate'), body.indexOf('endscript')]
  return {
    logs,
    directives: [...body.slice(0, start), ...body.slice(end + 1)],
    script: body.slice(start + 1, end),
  }
}
