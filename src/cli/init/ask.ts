import type { Context } from '../context.ts'
import { type Ask, backWord, helpWord, type Question } from './interview.ts'

// How wide a terminal is that does not say, or says 0.
const usualWidth = 80

const indent = '  '

/** Asks on the terminal of a person. Leaving with Ctrl-C or Ctrl-D answers null. */
export async function createAsk({ stdin, stdout, paint }: Pick<Context, 'stdin' | 'stdout' | 'paint'>): Promise<Ask> {
  // Half a second of loading that only those who are asked have to wait for.
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ input: stdin, output: stdout })
  const once = async ({ message, default: initial, choices, help, validate }: Question) => {
    const shared = { name: 'answer', message, default: initial }
    // A ? is taken as an answer: as one that is refused it would stay in the line that is typed into.
    const judge = (text: string) => text.trim() === helpWord || validate(text)
    const { answer } = await prompt(
      choices === undefined
        ? [{ ...shared, type: 'input', validate: judge }]
        : [{ ...shared, type: 'select', choices: selectable(choices, { help, validate }) }],
    )
    return String(answer)
  }
  return async (question) => {
    try {
      for (;;) {
        const answer = await once(question)
        if (answer.trim() !== helpWord) return answer
        const lines = wrap(question.help, (stdout.columns || usualWidth) - indent.length)
        stdout.write(lines.map((line) => `${indent}${paint.cyan(line)}\n`).join(''))
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') return null
      throw error
    }
  }
}

/** Lines of at most so many characters, broken between words. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

// A list has no place to type a ? or a <: the help stands under it, and the way back is one of its lines.
function selectable(choices: readonly string[], { help, validate }: Pick<Question, 'help' | 'validate'>) {
  const lines = choices.map((value) => ({ value, description: help }))
  if (validate(backWord) !== true) return lines
  return [...lines, { value: backWord, name: '< back', description: 'to the question before' }]
}
