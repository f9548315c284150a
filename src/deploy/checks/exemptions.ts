import type { CheckTarget } from '../target.ts'

/** For checks of what only nginx does. */
export function withoutNginx(target: CheckTarget): string | null {
  return target.front === 'nginx' ? null : target.withoutNginx
}

/** For checks of encryption. */
export function withoutTls(target: CheckTarget): string | null {
  return target.https === null ? 'the site is served without TLS' : null
}
