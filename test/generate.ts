// `npm run generate`: writes the pages of the documentation that are made from tables.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeEventsPage } from '../src/cli/events-page.ts'
import { repository } from './helpers/repository.ts'

writeFileSync(join(repository, 'templates/docs/events.md'), composeEventsPage())
