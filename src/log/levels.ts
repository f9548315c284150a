/** Levels by number, in pino's scale, with the priority that syslog and journald give them (syslog(3)). */
export const levels = {
  debug: { value: 20, priority: 7 },
  info: { value: 30, priority: 6 },
  warning: { value: 40, priority: 4 },
  error: { value: 50, priority: 3 },
  critical: { value: 60, priority: 2 },
} as const

export type LogLevel = keyof typeof levels

export function isLogLevel(name: unknown): name is LogLevel {
  return typeof name === 'string' && Object.hasOwn(levels, name)
}
