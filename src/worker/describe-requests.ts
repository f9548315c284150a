import type { OpenRequest } from '../contract/serving.ts'

/** How many requests are told of: a worker may have thousands, and a few show what they have in common. */
const most = 10

/** Requests without a complete answer, as an operator reads them: `GET /report (31.2 s, id 7f3a)`. */
export function describeRequests(requests: readonly OpenRequest[]): readonly string[] {
  const told = requests.slice(0, most).map(describe)
  return requests.length > most ? [...told, `and ${requests.length - most} more`] : told
}

function describe({ method, url, ageMs, id }: OpenRequest): string {
  return `${method} ${url} (${seconds(ageMs)}${id === undefined ? '' : `, id ${id}`})`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
