/** A page of about 10 kB of JSON, made anew for each request as an application would. */
export function page() {
  return Array.from({ length: 64 }, (_, id) => ({
    id,
    title: `Article ${id} of the front page, with a title of usual length`,
    author: { name: 'Ada Lovelace', id: id * 7 },
    tags: ['analysis', 'engine', 'notes'],
    published: '2026-01-01T00:00:00.000Z',
  }))
}

/** What the processor is kept busy for by a heavy request, in milliseconds. */
const heavyMs = 15

/** Takes processor time, however much of it others take meanwhile. */
export function burn() {
  const begin = process.cpuUsage()
  for (;;) {
    const { user, system } = process.cpuUsage(begin)
    if (user + system >= heavyMs * 1000) return
  }
}
