/** The memory of the process in bytes, or what it was before: without a descriptor to spare the system cannot be asked (proc(5)). */
export function measureRss(before: number): number {
  try {
    return process.memoryUsage.rss()
  } catch {
    return before
  }
}
