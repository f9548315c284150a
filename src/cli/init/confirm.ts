import type { Ask, Question } from './interview.ts'

/** What a person says to the plan: write it, leave, or go back to the last question. */
export type Decision = 'write' | 'leave' | 'back'

type Words = Readonly<Record<string, Decision>>

const words: Words = { yes: 'write', no: 'leave', back: 'back' }

// Nobody loses an edit by pressing Enter.
const wordsOverEdits: Words = { no: 'leave', replace: 'write', back: 'back' }

const help =
  'Only the folder deploy of the project is written to; nothing on this host changes before the files are installed.'

const helpOverEdits =
  'Somebody has edited files for which there is something new. replace writes over them, and the edits are lost; init --diff shows both changes.'

/** Asks whether the plan shall be carried out, also where it writes over what somebody has edited. */
export async function confirm(ask: Ask, writesOverEdits: boolean): Promise<Decision> {
  const answer = await ask(writesOverEdits ? questionOf(wordsOverEdits, helpOverEdits) : questionOf(words, help))
  return answer === null ? 'leave' : ({ ...words, ...wordsOverEdits }[answer] ?? 'leave')
}

function questionOf(decisions: Words, explained: string): Question {
  const choices = Object.keys(decisions)
  return {
    message: 'Write these files',
    default: choices[0] ?? 'no',
    help: explained,
    choices,
    validate: (text) => text in decisions || `Expected ${choices.join(', ')}`,
  }
}
