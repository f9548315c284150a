import { exitCodes } from '../contract/exit-codes.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { placesOf } from './places.ts'
import { plain, supervisordLine, supervisordWord } from './quote.ts'
import type { View } from './template.ts'
import { drainView, stopTimeout } from './unit-views.ts'

/** Where supervisord writes what a site prints: among its own logs, for root opens it and nobody else may put links there. */
export function outputLog({ name }: SiteAnswers): string {
  return `/var/log/supervisor/${name}.log`
}

/** What templates/etc/supervisor/conf.d/site.conf.hbs is filled with. */
export function supervisordView(answers: SiteAnswers): View {
  return {
    name: plain(answers.name),
    node: supervisordWord(answers.node),
    launcher: supervisordWord(answers.tsicorn),
    configFile: supervisordWord(placesOf(answers).configFile),
    workingDirectory: supervisordLine(answers.workingDirectory),
    user: plain(answers.user),
    stateDirectory: supervisordWord(answers.stateDirectory),
    usageExit: plain(exitCodes.usage),
    loadExit: plain(exitCodes.appLoad),
    ...drainView(answers),
    stopSeconds: plain(Math.ceil(stopTimeout(answers) / 1000)),
    outputLog: plain(outputLog(answers)),
  }
}
