import { type ProbeView, probeRoutes } from '../../contract/probe.ts'
import { ask, type Question } from '../client.ts'
import { type CheckTarget, frontDoor, probeOf } from '../target.ts'

/** Asks the front door for a request as the application would see it. */
export async function viewOf(target: CheckTarget, question: Omit<Question, 'path'> = {}): Promise<ProbeView> {
  const answer = await ask(frontDoor(target), { ...question, path: probeOf(target, probeRoutes.view) })
  if (answer.status !== 200) throw new Error(`the server's own answer has status ${answer.status} instead of 200`)
  return JSON.parse(answer.body)
}

/** The values of a field as the application received it, however often it came. */
export function fieldValues(view: ProbeView, name: string): readonly string[] {
  return view.rawHeaders.filter((_, index) => index % 2 === 1 && view.rawHeaders[index - 1]?.toLowerCase() === name)
}
