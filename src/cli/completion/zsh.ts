import type { CommandShape, Words } from './describe-program.ts'

/** For zsh: a file _tsicorn in a folder of $fpath, or `eval "$(tsicorn completion zsh)"` after compinit. */
export function zshScript(commands: readonly CommandShape[]): string {
  const names = commands.map(({ name }) => name)
  const cases = commands.map(({ name, flags, argument }) => {
    const specs = flags.flatMap((flag) =>
      flag.names.map((each) =>
        quote(`*${each}[${escapeMarks(flag.summary)}]${flag.value === null ? '' : `:value:${act(flag.value)}`}`),
      ),
    )
    return `    ${name}) _arguments ${[...specs, quote(`*:argument:${act(argument)}`)].join(' \\\n      ')} ;;`
  })
  return `#compdef tsicorn
# zsh completion for tsicorn, made by: tsicorn completion zsh
_tsicorn() {
  local command=serve
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    compadd -- ${names.join(' ')}
    _files
    return
  fi
  if [[ " ${names.join(' ')} " == *" $words[2] "* ]]; then
    command=$words[2]
    shift words
    ((CURRENT -= 1))
  fi
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _tsicorn ]]; then _tsicorn "$@"; else compdef _tsicorn tsicorn; fi
`
}

function act(words: Words): string {
  if (words === 'nothing') return ' '
  if (words === 'files') return '_files'
  return words === 'directories' ? '_files -/' : `(${words.join(' ')})`
}

/** Brackets and colons are marks of _arguments. */
function escapeMarks(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
