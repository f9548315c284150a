import { type Check, judge } from '../check.ts'
import type { FilesTarget } from '../inspect/files-target.ts'
import type { Programs } from '../inspect/try-installed.ts'

type Row = Pick<Check<FilesTarget>, 'id' | 'title' | 'why' | 'how'> & { readonly program: Programs }

const rows: readonly Row[] = [
  {
    ...{ id: 'files.nginx-syntax', program: 'nginx', title: 'nginx can read the site' },
    why: 'nginx refuses to start or to reload with a file it cannot read, and all its sites with it.',
    how: 'nginx -t on a copy, with a certificate and addresses of its own',
  },
  {
    ...{ id: 'files.unit-syntax', program: 'systemd-analyze', title: 'systemd can read the units' },
    why: 'systemd ignores a key it does not know, such as a mistyped line of the sandbox, and starts the service without it.',
    how: 'systemd-analyze verify on copies, with their drop-ins; every word it says counts',
  },
  {
    ...{ id: 'files.rotation-syntax', program: 'logrotate', title: 'logrotate can read its rules' },
    why: 'logrotate ignores what it cannot read, and logs grow until the disk is full.',
    how: 'logrotate -d on a copy; every error it mentions counts',
  },
  {
    ...{ id: 'files.config-syntax', program: 'tsicorn', title: 'The server can read its configuration' },
    why: 'It refuses to start, and a reload keeps the old one.',
    how: 'each setting of tsicorn.config.json against the table of settings',
  },
]

/** What the real programs say of their files. */
export const syntaxChecks: readonly Check<FilesTarget>[] = rows.map(({ program, ...row }) => ({
  ...row,
  ...{ layer: 'files', group: 'Files', needs: [], active: false, within: 15_000 },
  run: async (target) => {
    const words = (await target.tools())[program]
    if (words === null)
      return { status: 'warn', expected: `${program} reads it`, found: `${program} is not installed here`, fix: null }
    return judge(`${program} has nothing against it`, 'not a word', words.slice(0, 5), target.again)
  },
}))
