import type { Check } from '../check.ts'
import type { FilesTarget } from '../inspect/files-target.ts'
import { fileRelations } from '../relations/table.ts'
import { current, enabledSite, environment, installed, modes, unedited, whole } from './files.ts'
import { syntaxChecks } from './files-syntax.ts'

/** The checks of files at rest, in the order in which they are run and reported. */
export const fileChecks: readonly Check<FilesTarget>[] = [
  ...[installed, whole, unedited, current, modes, environment, enabledSite],
  ...syntaxChecks,
  ...fileRelations<FilesTarget>(),
]
