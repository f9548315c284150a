/** Tries something that the system may refuse, where all that counts is whether it did. */
export function succeeds(attempt: () => void): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
