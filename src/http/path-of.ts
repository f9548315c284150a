const longestPath = 200

/** The path of a request as it may stand in a log: without its query, which may hold a token, and not at any length. */
export function pathOf(url: string | undefined): string {
  const [path = ''] = (url ?? '').split('?', 1)
  const bare = path.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/]*@/i, '$1')
  return bare.length > longestPath ? `${bare.slice(0, longestPath)}…` : bare
}
