/** Who a process is to become, looked up in the user database by the master: workers get it with their first order. */
export type Identity = {
  readonly uid: number
  readonly gid: number
  /** Login name, or the number as text when the user has no entry. */
  readonly name: string
  readonly home: string | null
  /** Exactly the groups the worker will have, the primary one included. */
  readonly groups: readonly number[]
}
