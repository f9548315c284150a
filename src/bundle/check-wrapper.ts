import { nginxWord, plain } from './quote.ts'
import { fill } from './template.ts'

/** What the smallest nginx.conf around one site needs to know. All paths are absolute. */
export type CheckWrapper = {
  /** The site's file, which is included. */
  readonly site: string
  /** An existing directory that nginx may write to: its pid, its first errors, bodies on their way. */
  readonly scratch: string
  /** Whom the workers run as when root starts nginx; null when somebody else does. */
  readonly user: { readonly name: string; readonly group: string } | null
  /** Stay in the foreground, as a child of whoever started it. */
  readonly foreground: boolean
}

/** The smallest nginx.conf that serves or checks one site without touching the host's nginx. */
export function renderCheckWrapper({ site, scratch, user, foreground }: CheckWrapper): string {
  const below = (name: string) => nginxWord(`${scratch}/${name}`)
  return fill('check/nginx.conf.hbs', {
    hasUser: user !== null,
    user: plain(user?.name ?? ''),
    group: plain(user?.group ?? ''),
    foreground,
    site: nginxWord(site),
    pid: below('nginx.pid'),
    errorLog: below('nginx-error.log'),
    bodies: below('client-bodies'),
    answers: below('proxied-answers'),
    fastcgi: below('fastcgi'),
    uwsgi: below('uwsgi'),
    scgi: below('scgi'),
  })
}
