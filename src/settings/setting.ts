/** Outcome of reading a value: the value, or the rule it breaks, in words that explain "expected …, got …". */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  /** The problem never repeats the value: it may be a secret. Empty where `expects` says it all. */
  | { readonly ok: false; readonly problem: string }

/** How a value is read, checked and shown. Text comes from flags and the environment, values from files. */
export type Kind<Value, Input = Value> = {
  /** The word for it in help: `SECONDS`, `ADDRESS`. Empty for a switch. */
  readonly placeholder: string
  /** What is accepted, to follow "expected": `a whole number from 1 to 1024, or auto`. */
  readonly expects: string
  /** Repeatable kinds hold lists: each text yields a list, and the lists are joined. */
  readonly repeatable: boolean
  readonly parse: (text: string) => Reading<Value>
  readonly accept: (value: unknown) => Reading<Value>
  /** For repeatable kinds: what must hold for the whole, once the lists of several texts are joined. */
  readonly check?: (value: Value) => Reading<Value>
  /** The text that `parse` would read back. */
  readonly format: (value: Value) => string
  /** Makes relative paths absolute, for kinds that hold paths. */
  readonly anchor?: (value: Value, directory: string) => Value
  /** What may be shown of a secret. Without it, nothing is. */
  readonly redact?: (value: Value) => string
  /** Never set. Carries the type that a config file may give, for editors. */
  readonly input?: Input
}

/** One row of a table of settings. Everything that concerns a setting is derived from its row. */
export type Setting<Value, Input = Value> = {
  readonly section: string
  readonly kind: Kind<Value, Input>
  readonly default: NoInfer<Value>
  /** One line, for help. */
  readonly summary: string
  /** Paragraphs for the documentation. */
  readonly details?: string
  /** A single letter, without the dash. */
  readonly short?: string
  /** Given without a flag: the argument of the command. */
  readonly positional?: boolean
  /** What others call it; used to guess what a wrong name meant. */
  readonly synonyms?: readonly string[]
  /** Environment names besides `TSICORN_<NAME>`, strongest first. */
  readonly environment?: readonly string[]
  readonly takesEffect: 'reload' | 'restart'
  /** Never printed. */
  readonly secret?: boolean
  /** Where it may be set, when not everywhere. */
  readonly only?: Place
}

/** The places a setting may be confined to. */
export type Place = 'file' | 'flag' | 'flag-or-environment'

// The one `any`: a table holds rows of many value types, and each row keeps its own.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type SettingsTable = Readonly<Record<string, Setting<any, any>>>

/** The settings of a table, by name, with the type of each value. */
export type ConfigOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value, infer _Input> ? Value : never
}

/** What a config file may say for a table, by name, with the type each kind accepts. */
export type InputOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table as FileName<Table, Name>]?: Table[Name] extends Setting<infer _Value, infer Input>
    ? Input
    : never
}

// A row that is confined nowhere has the whole of Place here, 'file' included.
type FileName<Table extends SettingsTable, Name extends keyof Table> =
  'file' extends NonNullable<Table[Name]['only']> ? Name : never

/** Keeps the value type of a row, and where it is confined to, while checking its shape. */
export function setting<Value, Input, Only extends Place>(
  row: Setting<Value, Input> & { readonly only?: Only },
): Setting<Value, Input> & { readonly only?: Only } {
  return row
}
