import type { Server } from 'node:http'
import { askInside } from '../http/health.ts'
import type { Probe } from '../http/probe.ts'
import { createStatus } from '../http/status.ts'
import type { ServerConfig } from '../settings/server-table.ts'

/** What a worker tells at the status path. */
export type Readiness = {
  /** Null where there is no status path. */
  readonly answer: Probe['answer'] | null
  /** The application's health path can be asked from now on. */
  readonly serves: (server: Server) => void
  /** The server is about to stop. */
  readonly close: () => void
}

/** One answer of the application stands for so long, and it may take so long, in milliseconds. */
const [freshMs, patienceMs] = [1000, 5000] as const

export function createReadiness({ statusPath, statusChecksHealth, healthPath }: ServerConfig): Readiness {
  let isDraining = false
  let ask: (() => Promise<boolean>) | null = null
  const isHealthy = statusChecksHealth ? (): Promise<boolean> => ask?.() ?? Promise.resolve(true) : null
  return {
    answer: statusPath === null ? null : createStatus(statusPath, { isDraining: () => isDraining, isHealthy }),
    serves: (server) => {
      if (healthPath !== null) ask = keepFor(freshMs, () => isWell(server, healthPath))
    },
    close: () => {
      isDraining = true
    },
  }
}

/** Many who ask at once, or soon after each other, cost one question. */
function keepFor(ms: number, ask: () => Promise<boolean>): () => Promise<boolean> {
  let kept: { readonly answer: Promise<boolean>; readonly until: number } | null = null
  return () => {
    if (kept === null || performance.now() >= kept.until) kept = { answer: ask(), until: performance.now() + ms }
    return kept.answer
  }
}

function isWell(server: Server, path: string): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, patienceMs, false).unref())
  const answered = askInside(server, path).then(
    (status) => status < 400,
    () => false,
  )
  return Promise.race([answered, late])
}
