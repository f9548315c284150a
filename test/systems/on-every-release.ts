import { test } from 'node:test'
import { leave } from './keep.ts'
import { needs } from './needs.ts'
import { complain, machineWithSite, type Release, releases, type SiteOptions } from './site.ts'
import type { System } from './system.ts'

/** What is asked of a machine, as sentences; in their order, on one machine. */
export type Questions = Readonly<Record<string, Question>>

type Question = (system: System, release: Release) => Promise<void>

/** Sets a site up on a machine of each Debian release, and asks it. */
export function onEveryRelease(title: string, options: SiteOptions, questions: Questions): void {
  onReleases(title, (release) => machineWithSite(release, options), questions)
}

export function onReleases(
  title: string,
  boot: (release: Release) => Promise<System>,
  questions: Questions,
  chosen: readonly Release[] = releases,
): void {
  for (const release of chosen) {
    test(`${title} on ${release.title}`, { skip: needs(release.suite) }, async (context) => {
      const system = await boot(release)
      let failed: unknown
      for (const [sentence, question] of Object.entries(questions)) {
        await context.test(`${sentence} (${release.title})`, async () => {
          try {
            await question(system, release)
          } catch (error) {
            failed ??= error
            throw await complain(system, error)
          }
        })
      }
      await leave(system, failed !== undefined)
    })
  }
}
