/** How many errors behind an error are told. */
const deepest = 5

/**
 * What of an error is written down: what it is, what it says, where it came from and what is behind it. Its other
 * properties stay out, since clients of databases and of other services keep passwords and whole requests there.
 */
export function describeFailure(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error))
    return typeof error === 'object' && error !== null ? Object.prototype.toString.call(error) : error
  const { name, message, stack, cause } = error
  const code: unknown = Reflect.get(error, 'code')
  const errors: unknown = Reflect.get(error, 'errors')
  return {
    ...{ type: name, message, stack },
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    cause: cause === undefined || depth >= deepest ? undefined : describeFailure(cause, depth + 1),
    errors:
      Array.isArray(errors) && depth < deepest
        ? errors.slice(0, deepest).map((one) => describeFailure(one, depth + 1))
        : undefined,
  }
}
