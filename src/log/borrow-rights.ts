export type Owner = { readonly uid: number; readonly gid: number }

/**
 * Does something synchronous with the rights of a user instead of root's, and takes root's back.
 * A file opened so cannot be one that the user could not open, whatever links stand in the way.
 */
export function withRightsOf<Result>(owner: Owner, act: () => Result): Result {
  const { geteuid, getegid, getgroups, setgroups, setegid, seteuid } = process
  if (!geteuid || !getegid || !getgroups || !setgroups || !setegid || !seteuid) return act()
  // Node counts the effective group among the others; that adds nothing to what root may do.
  const own = { uid: geteuid(), gid: getegid(), groups: getgroups() }
  setgroups([owner.gid])
  try {
    setegid(owner.gid)
    seteuid(owner.uid)
    return act()
  } finally {
    seteuid(own.uid)
    setegid(own.gid)
    setgroups(own.groups)
  }
}
