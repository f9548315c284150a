import { read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]): Kind<Word> {
  const find = (given: unknown) => words.find((word) => word === given)
  const accept: Kind<Word>['accept'] = (given) => {
    const word = find(given)
    return word === undefined ? refuse() : read(word)
  }
  return {
    placeholder: words.join('|'),
    expects: `one of ${words.join(', ')}`,
    repeatable: false,
    parse: accept,
    accept,
    format: (word) => word,
  }
}
