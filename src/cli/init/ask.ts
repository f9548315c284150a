import type { Context } from '../context.ts'
import { type Ask, backWord, type Question } from './interview.ts'

/** Asks on the terminal of a person. Leaving with Ctrl-C or Ctrl-D answers null. */
export async function createAsk({ stdin, stdout }: Pick<Context, 'stdin' | 'stdout'>): Promise<Ask> {
  // Half a second of loading that only those who are asked have to wait for.
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ input: stdin, output: stdout })
  return async ({ message, default: initial, choices, help, validate }) => {
    try {
      const shared = { name: 'answer', message, default: initial }
      const { answer } = await prompt(
        choices === undefined
          ? [{ ...shared, type: 'input', validate }]
          : [{ ...shared, type: 'select', choices: selectable(choices, { help, validate }) }],
      )
      return String(answer)
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') return null
      throw error
    }
  }
}

// A list has no place to type a ? or a <: the help stands under it, and the way back is one of its lines.
function selectable(choices: readonly string[], { help, validate }: Pick<Question, 'help' | 'validate'>) {
  const lines = choices.map((value) => ({ value, description: help }))
  if (validate(backWord) !== true) return lines
  return [...lines, { value: backWord, name: '< back', description: 'to the question before' }]
}
