import { existsSync, writeFileSync } from 'node:fs'
import { until } from '../helpers/until.ts'
import type { Site } from './site.ts'

/** Lets those go that wait, until so many have. */
export async function release(site: Site, count: number): Promise<void> {
  const { gate } = site
  if (gate === null) return releaseByRequest(site, count)
  for (let released = 0; released < count; released += 1) {
    writeFileSync(gate, '')
    await until(() => !existsSync(gate), { what: `the application to let number ${released + 1} go` })
  }
}

async function releaseByRequest(site: Site, count: number): Promise<void> {
  let released = 0
  await until(
    async () => {
      released += Number((await site.request('/release', { method: 'POST' })).body)
      return released >= count
    },
    { what: `${count} to be released` },
  )
}
