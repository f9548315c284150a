/** A user as the system knows it. */
export type PasswordEntry = {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/** A group as the system knows it. */
export type GroupEntry = { readonly name: string; readonly gid: number }
