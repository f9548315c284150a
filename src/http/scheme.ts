/** What proxies say of the scheme: whether it was encrypted, undefined where they do not tell. */
export type Scheme = {
  readonly encrypted: boolean | undefined
  /** The one value that counts, as written. */
  readonly word: string | undefined
  /** They say two things, and nothing tells which of them is true. */
  readonly contradictory: boolean
}

/**
 * Several values agree, or there is one for each step of the chain of addresses and the one beside the client's counts.
 * Otherwise one of them may be the client's own.
 */
export function readScheme(words: readonly string[], { steps, at }: { steps: number; at: number | undefined }): Scheme {
  const [first, ...others] = words
  if (first === undefined) return { encrypted: undefined, word: undefined, contradictory: false }
  const encrypted = isEncrypted(first)
  if (others.every((other) => isEncrypted(other) === encrypted)) return { encrypted, word: first, contradictory: false }
  const word = at === undefined || words.length !== steps ? undefined : words[at]
  if (word === undefined) return { encrypted: undefined, word, contradictory: true }
  return { encrypted: isEncrypted(word), word, contradictory: false }
}

export function isEncrypted(scheme: string): boolean | undefined {
  const lower = scheme.toLowerCase()
  if (lower === 'https' || lower === 'wss' || lower === 'ssl' || lower === 'on') return true
  return lower === 'http' || lower === 'ws' || lower === 'off' ? false : undefined
}
