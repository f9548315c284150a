import { createDisk } from './disk.ts'
import { conclude, isCommitted, type Restoration, restore } from './restore.ts'
import { createRunner } from './run-command.ts'
import { knownSites, openStore } from './store.ts'

/** What became of a change that was cut off. */
export type Recovered = { readonly site: string; readonly at: string; readonly restored: Restoration | null }

/**
 * Ends every change that was cut off: those that had been made for good are kept (`restored` is null), the others are taken
 * back. Needs the lock.
 */
export async function recoverAll(root: string, isRoot: boolean, path: string): Promise<readonly Recovered[]> {
  const recovered: Recovered[] = []
  for (const site of knownSites(root)) {
    const store = openStore(root, site)
    const tools = { store, disk: createDisk(root, isRoot), run: createRunner(path) }
    const journal = store.journal()
    // Without a journal nothing had begun: what is left is a draft of one.
    if (journal === null) store.close()
    else if (isCommitted(journal, store)) {
      await conclude(journal, tools)
      recovered.push({ site, at: journal.at, restored: null })
    } else recovered.push({ site, at: journal.at, restored: await restore(journal, tools) })
  }
  return recovered
}

/** The sites whose last change was cut off. Nothing is changed. */
export function interruptedSites(root: string): readonly string[] {
  return knownSites(root).filter((site) => openStore(root, site).journal() !== null)
}
