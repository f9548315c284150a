/** What stands under a heading, up to the next one of its level or above. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading)
  if (start < 0) throw new Error(`there is no heading ${heading}`)
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 1
  const isNext = (line: string) => (/^(#+) /.exec(line)?.[1]?.length ?? 9) <= level
  const length = lines.slice(start + 1).findIndex(isNext)
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n')
}

/** The blocks of commands to paste. */
export function blocksOf(text: string): readonly string[] {
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
}

/** The commands and names in a line of text or a table. */
export function codesOf(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}
