// TypeScript as projects write it that leave the resolving to a bundler: an import without an extension.
import type { IncomingMessage, ServerResponse } from 'node:http'
// @ts-expect-error: Node's own resolution wants an extension
import { greeting } from './typescript-greeting'

export default function greet(_request: IncomingMessage, response: ServerResponse): void {
  response.end(greeting satisfies string)
}
