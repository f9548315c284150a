import { errorCodes } from '../../contract/errors.ts'
import { checkExitCodes, exitCodes } from '../../contract/exit-codes.ts'
import { serveExits } from '../pages.ts'

const head = `# Errors and exit statuses

What goes wrong is said in one message: what was read, what was expected, what came, and what to do. All problems of one
kind are told at once. In JSON lines of the error log, and wherever else a program reads, a failure has one of these codes.

| code | exit status | what it says |
|---|---|---|
`

const after = `
\`deploy --check\` and \`rehearse --once\` end with ${checkExitCodes.noneFailed} when no check failed, ${checkExitCodes.someFailed} when one did, and ${checkExitCodes.couldNotCheck} when it could not be checked;
\`--strict\` counts warnings as failures. \`ctl reload\` ends with 1 when the old workers had to stay.
`

/** The page \`errors\` of the documentation, as Markdown. */
export function composeErrorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, { exit, summary }]) => `| \`${code}\` | ${exit} | ${summary} |\n`)
  const statuses = Object.entries(exitCodes).map(
    ([name, status]) => `| ${status} | ${serveExits[name as keyof typeof exitCodes]} |\n`,
  )
  const serve = `\n## Exit statuses of serve\n\n| status | meaning |\n|---|---|\n${statuses.join('')}`
  return `${head}${rows.join('')}${serve}${after}`
}
