/** One setting of a unit file: `Service.User` and its value, specifiers still in it. */
export type UnitEntry = { readonly key: string; readonly value: string }

/** Reads a unit file as systemd.syntax(7) has it: sections, comments, lines continued by a backslash. */
export function parseUnit(text: string): readonly UnitEntry[] {
  const joined = text
    .split('\n')
    .filter((line) => !/^\s*[#;]/.test(line))
    .join('\n')
    .replaceAll('\\\n', ' ')
  let section = ''
  return joined.split('\n').flatMap((line) => {
    const heading = /^\[(.+)\]$/.exec(line.trim())
    if (heading) section = heading[1] ?? ''
    if (heading || line.trim() === '') return []
    const at = line.indexOf('=')
    if (at < 0) throw new Error(`no setting: ${line}`)
    return [{ key: `${section}.${line.slice(0, at).trim()}`, value: line.slice(at + 1).trim() }]
  })
}

/** All values of one key, in order. */
export function valuesOf(entries: readonly UnitEntry[], key: string): readonly string[] {
  return entries.filter((entry) => entry.key === key).map(({ value }) => value)
}

/** What systemd makes of a value that is no list: %% becomes %. Throws when a specifier is left. */
export function expand(value: string): string {
  if (/%/.test(value.replaceAll('%%', ''))) throw new Error(`a specifier in ${value}`)
  return value.replaceAll('%%', '%')
}

/** The words of a list or command line; of a command line, $$ becomes $ as well. Throws when a variable is left. */
export function splitWords(value: string, isCommand: boolean): readonly string[] {
  const words = [...value.matchAll(/"([^"\\]*)"|([^\s"'\\]+)/g)].map(([, quoted, bare]) => expand(quoted ?? bare ?? ''))
  if (!isCommand) return words
  if (words.some((word) => word.replaceAll('$$', '').includes('$'))) throw new Error(`a variable in ${value}`)
  return words.map((word) => word.replaceAll('$$', '$'))
}
