import type { CommandShape, Words } from './describe-program.ts'

/** For fish: ~/.config/fish/completions/tsicorn.fish */
export function fishScript(commands: readonly CommandShape[]): string {
  const names = commands.map(({ name }) => name)
  const others = names.filter((name) => name !== 'serve').join(' ')
  const lines = commands.flatMap(({ name, flags, argument }) => {
    const when = name === 'serve' ? `not __fish_seen_subcommand_from ${others}` : `__fish_seen_subcommand_from ${name}`
    const start = `complete -c tsicorn -n ${quote(when)}`
    return [
      `${start} ${argumentOf(argument)}`,
      ...flags.map((flag) => {
        const forms = flag.names.map((each) => (each.startsWith('--') ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`))
        return `${start} ${forms.join(' ')}${flag.value === null ? '' : ` ${wordsFor(flag.value)}`} -d ${quote(flag.summary)}`
      }),
    ]
  })
  const first = `complete -c tsicorn -n __fish_use_subcommand -a ${quote(names.join(' '))}`
  return `# fish completion for tsicorn, made by: tsicorn completion fish\n${[first, ...lines].join('\n')}\n`
}

function argumentOf(words: Words): string {
  if (words === 'files') return '-F'
  return words === 'directories' ? "-f -a '(__fish_complete_directories)'" : `-f -a ${quote(list(words))}`
}

function wordsFor(words: Words): string {
  if (words === 'files') return '-r -F'
  return words === 'directories' ? "-x -a '(__fish_complete_directories)'" : `-x -a ${quote(list(words))}`
}

function list(words: Words): string {
  return typeof words === 'string' ? '' : words.join(' ')
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
