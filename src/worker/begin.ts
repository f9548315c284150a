import { closeSync } from 'node:fs'
import { exitCodes } from '../contract/exit-codes.ts'
import { channelFd } from '../contract/messages.ts'
import { threadsOf } from '../settings/worker-class.ts'
import { type Channel, type Order, openChannel, openPort } from './channel.ts'
import { type HeldSignal, type HeldSignals, holdSignals } from './hold-signals.ts'
import { keepTicks } from './keep-ticks.ts'
import { Life } from './life.ts'
import { Crew } from './threads/crew.ts'
import { wakeStopped } from './wake-stopped.ts'
import type { World } from './world.ts'

/** Who carries out what the master orders. */
type Lead = {
  readonly obey: (order: Order) => void
  readonly hear: (signal: HeldSignal) => void
  /** The master is gone. */
  readonly orphan: () => void
}

/** Begins a worker's life: that of a process, of a process that leads threads, or of such a thread. */
export function begin(world: World): void {
  keepTicks()
  let lead: Lead | null = null
  const signals = holdSignals((signal) => {
    if (lead !== null) lead.hear(signal)
    else if (signal === 'SIGTERM') world.exit(exitCodes.ok)
  })
  const events = {
    onOrder: (order: Order): void => {
      lead ??= choose(order, { world, channel, signals })
      lead.obey(order)
    },
    onEnd: (): void => {
      if (world.place === null) wakeStopped()
      if (lead === null) world.exit(exitCodes.ok)
      else lead.orphan()
    },
  }
  const channel = world.place === null ? openChannel(channelFd, events) : openPort(world.place.port, events)
}

type Means = { readonly world: World; readonly channel: Channel; readonly signals: HeldSignals }

function choose(order: Order, { channel, ...others }: Means): Lead {
  const means = { ...others, channel: others.world.place === null ? untying(channel, order) : channel }
  const leads = means.world.place === null && order.type === 'start' && threadsOf(order.config) !== null
  return leads ? new Crew(means) : new Life(means)
}

/** Lets go of the tether with the word that the worker is ready: from then on it notices by itself that the master is gone. */
function untying(channel: Channel, order: Order): Channel {
  const tether = order.type === 'start' && !order.trial ? order.tether : undefined
  if (tether === undefined) return channel
  const sendNow: Channel['sendNow'] = (message) => {
    channel.sendNow(message)
    if (message.type === 'ready') closeSync(tether)
  }
  return { ...channel, sendNow }
}
