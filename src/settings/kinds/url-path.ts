import type { Kind } from '../setting.ts'
import { text } from './text.ts'

/** The path of a URL, from its first slash; the query may be part of it. */
export const urlPath: Kind<string> = text({
  placeholder: 'PATH',
  expects: 'a URL path such as /health',
  problem: (value) => {
    if (!value.startsWith('/')) return 'it does not begin with /'
    if (value.startsWith('//')) return 'it begins with //, which is a host'
    if (value.includes('#')) return 'a # never reaches a server'
    return /^[\x21-\x7e]{1,2000}$/.test(value) ? null : 'spaces and letters outside ASCII must be percent-encoded'
  },
})

/** A path nobody can guess, so that knowing it is the permission. */
export const secretPath: Kind<string> = text({
  placeholder: 'PATH',
  expects: 'a path like /NAME with at least 8 letters, digits, - or _ in it',
  problem: (value) => (/^\/[\w-]{8,128}$/.test(value) ? null : 'not of that shape'),
})

/** A path that the server answers itself: one place, and not the top of the site. */
export const ownPath: Kind<string> = text({
  placeholder: 'PATH',
  expects: 'an absolute URL path such as /-/status, without a query',
  problem: (value) => (/^(?:\/[\w.~%!$&'()*+,;=:@-]+){1,20}$/.test(value) ? null : 'not of that shape'),
})
