import { environmentName, kebab } from '../../settings/names.ts'
import { serverTable } from '../../settings/server-table.ts'
import type { Setting, SettingsTable } from '../../settings/setting.ts'

const head = `# Settings

Each setting may be given as a flag, in the environment, or in a config file (\`tsicorn.config.{ts,mts,js,mjs,json}\`),
unless it says otherwise. Weakest first: default, config file, environment, \`TSICORN_CMD_ARGS\`, flags. A repeated flag
makes a list; in the environment, commas do. \`tsicorn --print-config\` shows each value and where it came from.

Durations are in seconds where no unit is given (\`500ms\`, \`30s\`, \`5m\`), sizes in bytes (\`16k\`, \`10m\`).
`

/** The page \`settings\` of the documentation, as Markdown: every row of the server's table. */
export function composeSettingsPage(): string {
  const rows = Object.entries<Setting<unknown, unknown>>(serverTable as SettingsTable)
  const sections = [...new Set(rows.map(([, { section }]) => section))]
  const chapters = sections.map((section) => {
    const own = rows.filter(([, row]) => row.section === section)
    return `\n## ${section}\n\n${own.map(([name, row]) => describe(name, row)).join('\n')}`
  })
  return `${head}${chapters.join('')}`
}

function describe(name: string, row: Setting<unknown, unknown>): string {
  const paragraphs = [`### ${name}`, `${capital(row.summary)}.`, facts(name, row).join('  \n')]
  if (row.details !== undefined) paragraphs.push(row.details)
  return `${paragraphs.join('\n\n')}\n`
}

function facts(name: string, row: Setting<unknown, unknown>): readonly string[] {
  const value = row.secret || row.default === null ? '' : row.kind.format(row.default)
  return [
    spellings(name, row),
    ...(row.kind.placeholder === '' ? [] : [`Expected: ${row.kind.expects}`]),
    ...(value === '' ? [] : [`Default: \`${value}\``]),
    `Takes effect: ${row.takesEffect === 'reload' ? 'with a reload' : 'with a restart'}`,
  ]
}

function spellings(name: string, row: Setting<unknown, unknown>): string {
  if (row.only === 'file') return 'Config file only'
  const value = row.kind.placeholder === '' ? '' : ` ${row.kind.placeholder}`
  const short = row.short === undefined ? '' : `-${row.short}, `
  const flag = row.positional ? `the argument ${row.kind.placeholder}` : `\`${short}--${kebab(name)}${value}\``
  if (row.only === 'flag') return `Flag only: ${flag}`
  const variables = [environmentName(name), ...(row.environment ?? [])].map((variable) => `\`${variable}\``)
  const file = row.only === undefined ? '' : '; not in a config file'
  return `${capital(flag)}; environment ${variables.join(', ')}${file}`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
