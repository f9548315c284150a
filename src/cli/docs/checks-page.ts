import type { CheckRow, Layer } from '../../deploy/check.ts'
import { fileChecks } from '../../deploy/checks/files-table.ts'
import { hostChecks } from '../../deploy/checks/host-table.ts'
import { installedChecks, stopCheck } from '../../deploy/checks/table.ts'

const layerWords: Readonly<Record<Layer, string>> = {
  files: 'Files at rest: `--layer files`',
  host: 'The host around them: `--layer host`',
  live: 'The stack as it runs: `--layer live`',
}

const opening = `# The checks

Generated from the tables of checks. \`tsicorn deploy --check\` runs them on a host, \`tsicorn rehearse\` those of a running stack.

A report names each check by its id. What failed comes last, with what was expected, what was found, and a command that mends it
when pasted. Most of what \`files.\` and \`loaded.\` checks find is mended by \`tsicorn init --yes --force && tsicorn deploy --force\`, which
writes the files anew from their answers; where something else helps, the report says what.

* \`--layer files|host|live\`: only these; \`files\` needs neither root nor network, and takes \`--root DIR\`.
* \`--active\`: also what does something to the running site: marked with a star below. Nothing it does loses a request or a line.
* \`--json\`, \`--junit FILE\`: the report for machines; \`--strict\` counts warnings as failures.
* Exit status: 0 none failed, 1 at least one failed, 2 nothing could be checked.
`

/** The page `tsicorn docs checks` prints: every id, what must be true, why it matters and how it is known. */
export function composeChecksPage(): string {
  const loaded = new Set(hostChecks.map(({ id }) => id))
  const relations = fileChecks.filter(({ id }) => loaded.has(twin(id)))
  const inFiles = fileChecks.filter((check) => !relations.includes(check))
  const onHost = hostChecks.filter(({ id }) => !id.startsWith('loaded.'))
  return [
    opening,
    ...table(layerWords.files, inFiles),
    ...table('What must fit together: in the files, and in what nginx and systemd have loaded', relations, bothIds),
    ...table(layerWords.host, onHost),
    ...table(layerWords.live, [...installedChecks, stopCheck]),
  ].join('\n')
}

function table(
  heading: string,
  checks: readonly CheckRow[],
  idsOf: (id: string) => string = (id) => `\`${id}\``,
): readonly string[] {
  const rows = checks.map(
    ({ id, title, why, how, active }) =>
      `| ${idsOf(id)}${active ? ' *' : ''} | ${title} | ${cell(why)} | ${cell(how)} |`,
  )
  return [`## ${heading}`, '', '| id | what must be true | why | known by |', '|---|---|---|---|', ...rows, '']
}

function bothIds(id: string): string {
  return `\`${id}\` \`${twin(id)}\``
}

function twin(id: string): string {
  return id.replace(/^files\./, 'loaded.')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
