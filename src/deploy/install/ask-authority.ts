import { findProgram } from '../programs.ts'
import { authorityLack, certbotCommand } from './certbot.ts'
import type { Survey } from './survey.ts'

/** What came of asking for a certificate. */
export type Authority =
  | { readonly came: 'nothing to ask' }
  | { readonly came: 'certificate' }
  /** There is no client here, or it was refused. The site goes on with its own certificate. */
  | { readonly came: 'none'; readonly words: readonly string[]; readonly next: string; readonly refused: boolean }

/** How certbot says that nobody could be asked: words of Python's urllib3. */
const cutOff = /Max retries exceeded|Failed to resolve|Failed to establish a new connection/

/** Asks the authority for a certificate where the site should have one and has none. The site is served by then. */
export async function askAuthority(found: Survey, signal: AbortSignal): Promise<Authority> {
  const { answers, host, request, run } = found
  const lack = host.serves ? authorityLack(answers) : null
  if (lack === null) return { came: 'nothing to ask' }
  const words = [lack]
  if ((await findProgram('certbot', request.path)) === null) {
    const next = 'Install certbot (apt-get install certbot), then run tsicorn deploy again.'
    return { came: 'none', words, next, refused: false }
  }
  const { ok, stderr, stdout } = await run(certbotCommand(answers), signal)
  signal.throwIfAborted()
  if (ok) return { came: 'certificate' }
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-12)
  const names = answers.domain.join(', ')
  const way = said.some((line) => cutOff.test(line))
    ? 'that this host can reach the authority on the internet, by name'
    : `that ${names} lead to this host and port 80 is open`
  const next = `See ${way}, then run tsicorn deploy again.`
  return { came: 'none', words: ['certbot got no certificate:', ...said, ...words], next, refused: true }
}
