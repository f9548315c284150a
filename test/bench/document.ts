import { join } from 'node:path'
import { repository } from '../helpers/repository.ts'
import type { Report } from './report.ts'
import { showPart } from './show.ts'

const folder = join(repository, 'templates', 'docs')
export const documentPage = join(folder, 'performance.md')
export const chartPage = join(folder, 'performance.svg')

/** The page that `tsicorn docs performance` prints. */
export function document({ machine, versions, skipped, minutes, parts }: Report): string {
  return [
    '# Performance',
    '',
    `One run of \`npm run bench -- --write\` of ${minutes.toFixed(1)} minutes; do not edit. Everything stands side by side on one`,
    'machine, with the load generator on the same processors, and takes turns in each round. Figures are medians of all rounds,',
    'with the least and the most; a ratio is of the same round. Figures of another machine differ, ratios much less so.',
    '`tsicorn docs tuning` says what was tried. The figures as bars: `performance.svg` beside this page.',
    '',
    `- Machine: ${machine}`,
    `- Versions: ${versions.join(', ')}`,
    ...skipped.map((line) => `- Left out: ${line}`),
    ...parts.flatMap((part) => ['', `## ${part.title}`, '', showPart(part)]),
    '',
  ].join('\n')
}
