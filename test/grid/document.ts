import { align, classReasons, classTable, type Grid, lines, reasons, table } from './report.ts'

/** The page that `tsicorn docs frameworks` prints. */
export function document(grids: readonly Grid[], versions: readonly string[]): string {
  const columns = grids[0]?.columns ?? []
  const forms = columns.map(({ framework, version }) => [framework.id, version ?? '', framework.form])
  return [
    '# Frameworks',
    '',
    'One contract, asked of applications that know nothing of tsicorn: of each form and framework, directly over TCP (T),',
    'directly over a unix socket (U), and through nginx with the generated site (N). `-` is what cannot be asked, `!` what',
    'failed, `?` what was not asked. Written by `npm run test:grid -- --write`; do not edit.',
    '',
    `Run with ${versions.join(', ')}.`,
    '',
    table(columns),
    '',
    '## With each worker class',
    '',
    'How much of the contract is kept, all ways counted. With threads the worker has one, because the applications count in memory.',
    '',
    classTable(grids),
    '',
    '## What is asked',
    '',
    align([['line', 'what it asks'], ...lines.map(({ id, asks }) => [id, asks])]),
    '',
    '## What the applications are',
    '',
    align([['name', 'version', 'form'], ...forms]),
    '',
    '## What cannot be asked, and why',
    '',
    align([['name', 'lines', 'why'], ...reasons(columns), ...classReasons(grids)]),
    '',
  ].join('\n')
}
