import type { Kind } from '../setting.ts'
import { text } from './text.ts'

/** A short name for people: in process titles and logs. */
export const displayName: Kind<string> = text({
  placeholder: 'NAME',
  expects: 'a name of 1 to 64 letters, digits, ., _ or -',
  problem: (value) => (/^[\w.-]{1,64}$/.test(value) ? null : 'not of that shape'),
})

/** Where an application is found: a file or a package, and the export to take. */
export const applicationSpec: Kind<string> = text({
  placeholder: 'APP',
  expects: 'PATH[:EXPORT] or PACKAGE[:EXPORT]',
  problem: (value) => {
    if (value.trim() === '' || value.startsWith(':')) return 'the path is empty'
    return value.length > 4095 ? 'longer than 4095 characters' : null
  },
})
