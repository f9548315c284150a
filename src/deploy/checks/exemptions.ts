import type { CheckTarget } from '../target.ts'

/** For checks of what only a proxy does. */
export function withoutProxy(target: CheckTarget): string | null {
  return target.front !== 'tsicorn' ? null : target.withoutProxy
}

/** For checks of encryption. */
export function withoutTls(target: CheckTarget): string | null {
  return target.https === null ? 'the site is served without TLS' : null
}

/** For checks that need the server's own answers. */
export function withoutProbe(target: CheckTarget): string | null {
  if (target.probePath !== null) return null
  return target.host === null
    ? 'the server answers nothing for itself here'
    : 'the server answers for itself only to root and the user of the service'
}

/** For checks of what only an installed site has. */
export function inRehearsal(target: CheckTarget): string | null {
  return target.host === null ? 'a rehearsal has neither units nor users of its own' : null
}

/** For checks of what systemd knows. */
export function withoutSystemd(target: CheckTarget): string | null {
  return inRehearsal(target) ?? (target.host?.systemd === null ? 'systemd does not run this host' : null)
}
