import type { ProbeView } from '../../contract/probe.ts'
import { type Check, judge, type Verdict } from '../check.ts'
import { type CheckTarget, frontDoor } from '../target.ts'
import { withoutProbe } from './exemptions.ts'
import { fieldValues, viewOf } from './view.ts'

/** All of 127/8 is this machine. An address of its own cannot be mistaken for the proxy's, nor for a default. */
const ours = '127.4.21.7'

/** An address nobody has (RFC 5737), so that finding it anywhere means that it was believed. */
const forged = '203.0.113.77'

/** What a liar would say of itself: another address, another name, and the protocol it does not speak. */
function forgeries(target: CheckTarget): Readonly<Record<string, string>> {
  const protocol = frontDoor(target).encrypted ? 'http' : 'https'
  return {
    'x-forwarded-for': forged,
    'x-real-ip': forged,
    forwarded: `for=${forged};proto=${protocol}`,
    'x-forwarded-proto': protocol,
    'x-forwarded-host': 'forged.invalid',
    'x-forwarded-port': '81',
  }
}

export const address: Check = {
  id: 'client.address',
  layer: 'live',
  group: 'Client',
  title: "The application sees the client's address and https",
  why: 'Rate limits, logs and secure cookies of the application would be about the proxy instead of the client.',
  how: `a request from ${ours}; address and encryption as the application sees them`,
  needs: ['app.answers'],
  active: false,
  within: 15_000,
  exempt: withoutProbe,
  run: async (target) => {
    const { remoteAddress, encrypted } = await viewOf(target, { from: ours })
    return judgeView(target, { remoteAddress, encrypted }, [])
  },
}

export const forgedHeader: Check = {
  id: 'client.forged-header',
  layer: 'live',
  group: 'Client',
  title: 'A forged X-Forwarded-For is not believed',
  why: 'Any client could take any address, past every block list and into every log.',
  how: `a request from ${ours} that claims ${forged}, another name and another protocol; all fields the application received`,
  needs: ['client.address'],
  active: false,
  within: 15_000,
  exempt: withoutProbe,
  run: async (target) => {
    const claims = forgeries(target)
    const view = await viewOf(target, { from: ours, headers: claims })
    return judgeView(target, view, leaks(view, claims))
  },
}

function judgeView(
  target: CheckTarget,
  view: Pick<ProbeView, 'remoteAddress' | 'encrypted'>,
  further: readonly string[],
): Verdict {
  const { encrypted } = frontDoor(target)
  const words = (address: string | null, secure: boolean) =>
    `address ${address ?? 'none'}, ${secure ? 'https' : 'http'}`
  const problems = [...further]
  if (view.remoteAddress !== ours) problems.push(`the address is ${view.remoteAddress ?? 'none'}`)
  if (view.encrypted !== encrypted) problems.push(`the protocol is ${view.encrypted ? 'https' : 'http'}`)
  return judge(words(ours, encrypted), words(view.remoteAddress, view.encrypted), problems, target.renderAgain)
}

/** Fields that reach the application with what the client claimed. */
function leaks(view: ProbeView, claims: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(claims).flatMap(([name, claim]) => {
    const believed = fieldValues(view, name).filter((value) => value.includes(forged) || value === claim)
    return believed.map((value) => `the application receives ${name}: ${value}`)
  })
}
