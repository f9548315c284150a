import { composeChecksPage } from './checks-page.ts'
import { composeErrorsPage } from './errors-page.ts'
import { composeEventsPage } from './events-page.ts'
import { composeSettingsPage } from './settings-page.ts'
import { composeSignalsPage } from './signals-page.ts'

/** The topics of the documentation that are written from the tables they tell of, by `npm run generate`. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  checks: composeChecksPage,
  errors: composeErrorsPage,
  events: composeEventsPage,
  settings: composeSettingsPage,
  signals: composeSignalsPage,
}
