import type { Context } from '../context.ts'
import type { Ask } from './interview.ts'

/** Asks on the terminal of a person. Leaving with Ctrl-C or Ctrl-D answers null. */
export async function createAsk({ stdin, stdout }: Pick<Context, 'stdin' | 'stdout'>): Promise<Ask> {
  // Half a second of loading that only those who are asked have to wait for.
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ input: stdin, output: stdout })
  return async ({ message, default: initial, choices, validate }) => {
    try {
      const shared = { name: 'answer', message, default: initial }
      const { answer } = await prompt(
        choices === undefined
          ? [{ ...shared, type: 'input', validate }]
          : [{ ...shared, type: 'select', choices: choices.map((value) => ({ value })) }],
      )
      return String(answer)
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') return null
      throw error
    }
  }
}
