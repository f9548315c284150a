import { masterEvents } from './events/master.ts'
import { requestEvents } from './events/requests.ts'
import type { LogEvent } from './events/row.ts'
import { workerEvents } from './events/workers.ts'

/**
 * The vocabulary of the error log: everything that is ever logged has one of these names in `event`, and keeps it.
 * Names that a program may search for are a promise; words of messages are none.
 */
export const events = { ...masterEvents, ...workerEvents, ...requestEvents } as const satisfies Readonly<
  Record<string, LogEvent>
>

export type EventName = keyof typeof events

/** The chapters of the vocabulary, in the order of its page. */
export const eventChapters = [
  ['The master, reloads and hand-overs', masterEvents],
  ['Workers', workerEvents],
  ['Requests and logs', requestEvents],
] as const satisfies readonly (readonly [title: string, events: Readonly<Record<string, LogEvent>>])[]
