// `npm run generate`: writes the pages of the documentation that are made from tables.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedPages } from '../src/cli/docs/generated-pages.ts'
import { repository } from './helpers/repository.ts'

for (const [topic, compose] of Object.entries(generatedPages))
  writeFileSync(join(repository, 'templates/docs', `${topic}.md`), compose())
