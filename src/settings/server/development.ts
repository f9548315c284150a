import { list } from '../kinds/list.ts'
import { path } from '../kinds/path.ts'
import { onOff } from '../kinds/switch.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** What helps while the application is being written. */
export const developmentSettings = {
  reload: setting({
    section: 'Development',
    kind: onOff,
    default: false,
    synonyms: ['watch', 'hotReload', 'autoReload', 'live'],
    summary: 'replace the workers when a source file changes',
    details: `Watched are the JavaScript and TypeScript files, package.json and tsconfig.json below the working directory and the folder of the application, without node_modules and hidden folders; the config file; the environment file; and whatever reloadExtraFile names. The master watches; it never loads them.

A change brings new workers up before the old ones go. When the new code cannot be loaded, the error is logged once, the last good workers serve on, and the next change is tried again. That also holds for the very first start: the server waits, and so do its clients, until the file is mended.

An old worker leaves at once: connections that wait for a next request are closed, and requests in flight have 2 seconds. Not for production: with NODE_ENV=production there is a warning.`,
    takesEffect: 'restart',
  }),
  reloadExtraFile: setting({
    section: 'Development',
    kind: list(path({ placeholder: 'FILE', expects: 'a file, or a pattern with *, ?, ** or {a,b}' }), {
      expects: 'files, or patterns with *, ?, ** or {a,b}',
      separator: null,
    }),
    default: [],
    synonyms: ['watchFiles', 'reloadInclude', 'reloadExtraFiles'],
    summary: 'watch this file or pattern too, such as views/**/*.html; may be given several times',
    details:
      'Looked for anew at each change, so that new files count. In quotes, or the shell takes the pattern for its own. Without effect unless reload is on.',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
