import { controlProblem, read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'
import { list } from './list.ts'

const pair: Kind<string> = {
  placeholder: 'KEY=VALUE',
  expects: 'KEY=VALUE, where KEY is made of letters, digits and _ and does not begin with a digit',
  repeatable: false,
  parse: parsePair,
  accept: (value) => (typeof value === 'string' ? parsePair(value) : refuse()),
  format: (value) => value,
  redact: (value) => `${value.slice(0, value.indexOf('='))}=(not shown)`,
}

/** Environment variables, one a text: values may hold commas and spaces. */
export const environmentPairs = list(pair, {
  expects: pair.expects,
  separator: null,
})

function parsePair(text: string): Reading<string> {
  const problem = controlProblem(text)
  if (problem !== null) return refuse(problem)
  if (!text.includes('=')) return refuse('there is no = in it')
  return /^[A-Za-z_]\w*=/.test(text) ? read(text) : refuse('the part before = is not a name')
}
