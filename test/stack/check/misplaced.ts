import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { StagedSite } from './staged-site.ts'

/** A file that is not what it should be, not where it should be, or that others may read or write. */
export type Place = { readonly words: string; readonly seenBy: string; readonly make: (site: StagedSite) => void }

export const misplaced: readonly Place[] = [
  {
    words: 'a file that was changed in place',
    seenBy: 'files.installed',
    make: ({ image }) => writeFileSync(`${image}/etc/systemd/system/demo.socket`, '# mine\n', { flag: 'a' }),
  },
  {
    words: 'a file that is gone',
    seenBy: 'files.installed',
    make: ({ image }) => rmSync(`${image}/etc/nginx/tsicorn/demo/pages/busy.html`),
  },
  {
    words: 'a unit that everybody may write',
    seenBy: 'files.modes',
    make: ({ image }) => chmodSync(`${image}/etc/systemd/system/demo.service`, 0o666),
  },
  {
    words: 'an environment that everybody may read',
    seenBy: 'files.environment',
    make: ({ image }) => chmodSync(`${image}/etc/demo/env`, 0o644),
  },
  {
    words: 'a drop-in that gives less time to stop',
    seenBy: 'files.stop-time',
    make: ({ image }) => {
      mkdirSync(`${image}/etc/systemd/system/demo.service.d`)
      writeFileSync(`${image}/etc/systemd/system/demo.service.d/mine.conf`, '[Service]\nTimeoutStopSec=5s\n')
    },
  },
  {
    words: 'a link to another site',
    seenBy: 'files.enabled-site',
    make: ({ image }) => {
      rmSync(`${image}/etc/nginx/sites-enabled/demo.conf`)
      symlinkSync('/etc/nginx/sites-available/default', `${image}/etc/nginx/sites-enabled/demo.conf`)
    },
  },
]
