import { rotatesNginx } from '../../bundle/host-views.ts'
import { placesOf } from '../../bundle/places.ts'
import { reopenSignal } from '../../contract/signals.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { type Relation, unless } from './relation.ts'

const group = 'Logs'

const toJournal = (answers: SiteAnswers) =>
  answers.logs === 'journal' && !rotatesNginx(answers) ? 'the server logs to the journal' : null

export const rotation: readonly Relation[] = [
  {
    ...{ key: 'rotation-signal', group, reads: ['rotation'] },
    exempt: toJournal,
    title: 'After a rotation the master, and nobody else, is told to reopen its log',
    why: 'Without the signal everything is written into a file that is about to be compressed; a worker that gets it would end or open a debugger.',
    judge: ({ rotation: rules, answers }) => {
      const text = withoutComments(rules ?? '')
      const signal = reopenSignal.replace(/^SIG/, '')
      const unit = answers.logs === 'files' ? `${answers.name}.service` : 'nginx.service'
      const told = text.split('\n').filter((line) => line.includes('systemctl kill') && line.includes(unit))
      const right = told.filter(
        (line) => new RegExp(`-s (SIG)?${signal}\\b`).test(line) && /--kill-whom?=main/.test(line),
      )
      return unless(
        told.length > 0 && right.length === told.length ? [] : [told.join('; ').trim() || 'nobody is told'],
        `systemctl kill -s ${signal} --kill-whom=main ${unit}`,
      )
    },
  },
  {
    ...{ key: 'rotation-whole', group, reads: ['rotation'] },
    exempt: toJournal,
    title: 'No line is lost in a rotation',
    why: 'With copytruncate, what is written between the copy and the cut is gone; without delaycompress, what is written until the log is reopened.',
    judge: ({ rotation: rules }) => {
      const words = withoutComments(rules ?? '').split(/\s+/)
      return unless(
        [
          ...(words.includes('copytruncate') ? ['copytruncate'] : []),
          ...(words.includes('delaycompress') ? [] : ['no delaycompress']),
          ...(words.includes('su') ? [] : ['no su: root would open what another account can replace']),
        ],
        'delaycompress and su, and no copytruncate',
      )
    },
  },
  {
    ...{ key: 'rotation-files', group, reads: ['rotation', 'server'] },
    exempt: (answers) => (answers.logs === 'journal' ? 'the server logs to the journal' : null),
    title: 'The log that the server writes is the one that is rotated',
    why: 'It would grow until the disk is full.',
    judge: ({ rotation: rules, server, answers }) => {
      const log = server.value('errorLogfile')
      const expected = placesOf(answers).serverLog
      const patterns = [...withoutComments(rules ?? '').matchAll(/^"?(\/[^"{\n]+?)"?\s*\{/gm)].map(
        ([, path = '']) => path,
      )
      const covered = patterns.some((pattern) => matches(pattern, log))
      return unless(
        [
          ...(log === expected ? [] : [`the server logs to ${log}`]),
          ...(covered ? [] : [`${patterns.join(', ') || 'nothing'} is rotated`]),
        ],
        `${expected}, written and rotated`,
      )
    },
  },
]

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, '')
}

function matches(pattern: string, path: string): boolean {
  const expression = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')
  return new RegExp(`^${expression}$`).test(path)
}
