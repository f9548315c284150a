import type { CommandShape, Words } from './describe-program.ts'

/** For bash 4 and later: `eval "$(tsicorn completion bash)"`, or a file in bash-completion's folder. */
export function bashScript(commands: readonly CommandShape[]): string {
  const names = commands.map(({ name }) => name)
  const values = commands.flatMap(({ name, flags }) =>
    flags.flatMap((flag) =>
      flag.value === null
        ? []
        : [`    ${flag.names.map((each) => `${name}:${each}`).join('|')}) ${reply(flag.value)}; return ;;`],
    ),
  )
  const switches = commands.map(({ name, flags }) => `    ${name}:-*) ${reply(flags.flatMap((flag) => flag.names))} ;;`)
  const plain = commands.map(({ name, argument }) => `    ${name}:*) ${reply(argument)} ;;`)
  return `# bash completion for tsicorn, made by: tsicorn completion bash
_tsicorn() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=serve word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${names.join('|')}) command=$word; break ;; esac
  done
  COMPREPLY=()
  case $command:$previous in
${values.join('\n')}
  esac
  case $command:$cur in
${switches.join('\n')}
${plain.join('\n')}
  esac
  if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -W '${names.join(' ')}' -- "$cur")
  fi
}
complete -F _tsicorn tsicorn
`
}

function reply(words: Words): string {
  if (words === 'nothing') return ':'
  if (words === 'files') return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")'
  if (words === 'directories') return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur")'
  return `mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$cur")`
}
