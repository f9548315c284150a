import { controlProblem, read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

type TextRules = {
  readonly placeholder: string
  readonly expects: string
  /** The problem with a text that has no control character in it, or null. */
  readonly problem: (text: string) => string | null
}

/** A single line of text under a rule. */
export function text(rules: TextRules): Kind<string> {
  const parse: Kind<string>['parse'] = (given) => {
    const problem = controlProblem(given) ?? rules.problem(given)
    return problem === null ? read(given) : refuse(problem)
  }
  return {
    placeholder: rules.placeholder,
    expects: rules.expects,
    repeatable: false,
    parse,
    accept: (value) => (typeof value === 'string' ? parse(value) : refuse()),
    format: (value) => value,
  }
}
