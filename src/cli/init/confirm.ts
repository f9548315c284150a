import type { Ask, Question } from './interview.ts'

/** What a person says to the plan: write it, leave, or go back to the last question. */
export type Decision = 'write' | 'leave' | 'back'

const words: Readonly<Record<string, Decision>> = { yes: 'write', no: 'leave', back: 'back' }

const question: Question = {
  message: 'Write these files',
  default: 'yes',
  help: 'Only the folder deploy of the project is written to; nothing on this host changes before the files are installed.',
  choices: Object.keys(words),
  validate: (text) => text in words || 'Expected yes, no or back',
}

/** Asks whether the plan shall be carried out. */
export async function confirm(ask: Ask): Promise<Decision> {
  const answer = await ask(question)
  return answer === null ? 'leave' : (words[answer] ?? 'leave')
}
