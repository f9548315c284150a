import { escapeControl } from '../settings/escape.ts'
import { controlProblem } from '../settings/reading.ts'

/** A text that may stand in the blank of a template: it was quoted for the format, or is ours. */
export type Carried = string & { readonly carried: true }

/** A text that consists of plain characters and so means itself in every format. */
export function plain(text: string | number): Carried {
  return carry(String(text), /^[A-Za-z0-9_.,:/@+=~*[\]-]*$/, 'a text of plain characters')
}

/** Several words that are quoted already, with spaces between them. */
export function words(list: readonly Carried[]): Carried {
  return list.join(' ') as Carried
}

/** A word of an nginx file. A $ cannot be written there: in most places it begins a variable. */
export function nginxWord(text: string): Carried {
  if (/^[A-Za-z0-9_.,:/@%+=*-]+$/.test(text)) return text as Carried
  return nginxText(text)
}

/** The same, always in quotes: inside the brackets of an `if`, where words are counted. */
export function nginxText(text: string): Carried {
  return wrap(carry(text, /^[^"'\\$;{}]+$/, 'a word of an nginx file'))
}

/** A word of an HAProxy file, where nothing has a meaning between apostrophes. */
export function haproxyWord(text: string): Carried {
  return `'${carry(text, /^[^']+$/, 'a word of an HAProxy file')}'` as Carried
}

/** A word of a Caddyfile, where braces hold placeholders. */
export function caddyWord(text: string): Carried {
  return wrap(carry(text, /^[^"`\\{}]+$/, 'a word of a Caddyfile'))
}

/** A word of an Apache file, where ${NAME} is a variable. */
export function apacheWord(text: string): Carried {
  return wrap(carry(text, /^[^"\\${}]+$/, 'a word of an Apache file'))
}

/** A variable of nginx, by its name. */
export function nginxVariable(name: string): Carried {
  return `$${carry(name, /^[a-z][a-z0-9_]*$/, 'a variable of nginx')}` as Carried
}

// nginx keeps plain names in a table whose rows have 64 bytes on most processors, 46 of them for the name; one row too
// short, and it does not start. The size of the rows can be set only once for all sites.
const longestInTable = 40

/** A host name for `server_name`: as it is, or as an expression that matches just it where nginx has no room for it. */
export function serverName(name: string): Carried {
  const host = carry(name, /^(?:\*\.)?[a-z0-9.-]+$/, 'a host name')
  if (host.length <= longestInTable) return host
  return `~^${host.replaceAll('.', '\\.').replace('*', '.+')}$` as Carried
}

/** A value that is the whole rest of a line in a unit file, where % begins a specifier. */
export function unitLine(text: string): Carried {
  const line = carry(text, /^\S(?:.*[^\s\\])?$/, 'a line of a unit file')
  return percent(line)
}

/** A share in a unit file, for settings that read % as itself. */
export function unitShare(share: number): Carried {
  return `${carry(String(share), /^\d{1,3}$/, 'a share')}%` as Carried
}

/** A word of a list in a unit file, or a field of tmpfiles.d and sysusers.d. */
export function unitWord(text: string): Carried {
  const word = percent(carry(text, /^[^"'\\$]+$/, 'a word of a unit file'))
  return /\s/.test(word) ? wrap(word) : word
}

/** A word of a command line in a unit file, where $ begins a variable as well. */
export function execWord(text: string): Carried {
  const word = percent(carry(text, /^[^"'\\]+$/, 'a word of a command in a unit file')).replaceAll('$', '$$$$')
  return /[\s;]/.test(word) ? wrap(word as Carried) : (word as Carried)
}

/** The rest of a line in a file of supervisord, where % begins an expansion, and ; or # after a space a comment. */
export function supervisordLine(text: string): Carried {
  if (/\s[;#]/.test(text)) throw new Error(`"${escapeControl(text)}" would be cut short by supervisord`)
  return percent(carry(text, /^\S(?:.*\S)?$/, 'a line of a file of supervisord'))
}

/** A word of a command line, or the value of a variable, in a file of supervisord. */
export function supervisordWord(text: string): Carried {
  return wrap(supervisordLine(carry(text, /^[^"'\\]+$/, 'a word in a file of supervisord')))
}

/** A text in quotes as JSON has it, which YAML reads in the same way; a $ in a compose.yaml begins a variable. */
export function composeText(text: string): Carried {
  return JSON.stringify(carry(text, /^[^\u007f-\u009f\u2028\u2029]+$/, 'a text in a compose.yaml')).replaceAll(
    '$',
    '$$$$',
  ) as Carried
}

/** A path in the JSON form of an instruction of a Dockerfile, where $ begins a variable and some signs match many names. */
export function dockerPath(text: string): Carried {
  return JSON.stringify(carry(text, /^[^"\\$*?[\]]+$/, 'a path in a Dockerfile')) as Carried
}

/** A path pattern of logrotate, which reads * as any name; the directory has none of its signs in it. */
export function logrotatePattern(directory: string, pattern: string): Carried {
  return wrap(
    carry(
      `${carry(directory, /^[^"'\\*?[\]{}]+$/, 'a path in logrotate')}/${carry(pattern, /^[a-z0-9.*-]+$/, 'a pattern')}`,
      /./,
      'a path',
    ),
  )
}

/** A word of a shell command. */
export function shellWord(text: string): Carried {
  const word = carry(text, /./, 'a word of a shell command')
  return /^[\w.,:/@%+=-]+$/.test(word) ? word : (`'${word.replaceAll("'", `'\\''`)}'` as Carried)
}

/** A text between backticks in Markdown, perhaps in a table, where | would end the cell. */
export function markdownCode(text: string): Carried {
  return carry(text, /^[^`]+$/, 'code in Markdown').replaceAll('|', '\\|') as Carried
}

// Kinds refuse such values with a message for people; here stands the last guard, for a kind that forgot.
function carry(text: string, legal: RegExp, where: string): Carried {
  if (controlProblem(text) === null && legal.test(text)) return text as Carried
  throw new Error(`"${escapeControl(text)}" cannot be written as ${where}`)
}

function percent(text: Carried): Carried {
  return text.replaceAll('%', '%%') as Carried
}

function wrap(text: Carried): Carried {
  return `"${text}"` as Carried
}
