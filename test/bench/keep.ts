/** Keeps what is running until it leaves scope, and then ends the last first: `await using running = keep()`. */
export type Keep = AsyncDisposable & {
  readonly use: <Resource extends AsyncDisposable>(resource: Resource) => Resource
}

export function keep(): Keep {
  const kept: AsyncDisposable[] = []
  return {
    use: (resource) => {
      kept.push(resource)
      return resource
    },
    [Symbol.asyncDispose]: async () => {
      for (const resource of kept.reverse()) await resource[Symbol.asyncDispose]()
    },
  }
}
