import { optional } from '../kinds/optional.ts'
import { path } from '../kinds/path.ts'
import { onOff } from '../kinds/switch.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** Where the configuration comes from, and what to do with it instead of serving. */
export const configurationSettings = {
  config: setting({
    section: 'Configuration',
    kind: optional(path({ placeholder: 'FILE', expects: 'the path of a .ts, .mts, .js, .mjs or .json file' })),
    default: null,
    short: 'c',
    only: 'flag-or-environment',
    synonyms: ['configFile', 'conf'],
    summary: 'the config file; tsicorn.config.{ts,mts,js,mjs,json} is found by itself',
    details: `The file exports, as default, an object of settings by their camelCase names, or a function, async or not, that returns one. A reload reads it again.

As root, a file that others may write to is refused: it decides what runs as root.`,
    takesEffect: 'restart',
  }),
  checkConfig: setting({
    section: 'Configuration',
    kind: onOff,
    default: false,
    only: 'flag',
    summary: 'try the configuration and the application, then exit; nothing is served',
    details: `A worker loads the application and asks its health path, as a reload does before it touches anything. Exits 0 when the server would start.`,
    takesEffect: 'restart',
  }),
  printConfig: setting({
    section: 'Configuration',
    kind: onOff,
    default: false,
    only: 'flag',
    summary: 'print each setting with its value and where that came from, then exit',
    details: 'Secrets are left out. With --check-config as well, the check follows.',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
