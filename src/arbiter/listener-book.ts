import type { HandedListener, HandOver } from '../contract/hand-over.ts'
import { type Address, formatAddress, type ListenerInfo } from '../contract/listeners.ts'
import { firstListenerFd } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { closeListener } from '../system/close-listener.ts'
import { describeFd, type InheritedListener } from '../system/inherited.ts'
import { isReachable, type Listener } from '../system/listener.ts'
import { openListener } from '../system/open-listener.ts'
import { lookupUser } from '../system/user.ts'
import type { ListenerSlot } from './state.ts'
import { type Wanted, wantedListeners } from './wanted-listeners.ts'

type Entry = ListenerSlot & { readonly key: string; readonly listener: Listener }

/** A change of listeners that has been opened, and is either taken or given up. */
export type Draft = { readonly take: () => void; readonly giveUp: () => void }

/** The listening sockets the master holds, by ids that are never used twice. Opens the new before it closes the old. */
export class ListenerBook {
  readonly #inherited: readonly InheritedListener[]
  /** A supervisor made the sockets: they replace what `bind` asks for, which still tells those of a slot. */
  readonly isSupervised: boolean
  #current: readonly Entry[] = []
  #stale: readonly Entry[] = []
  #previous: { readonly current: readonly Entry[]; readonly opened: readonly Entry[] } = { current: [], opened: [] }
  #nextId = 1

  /** Begins with what an old master handed over, or will take what a supervisor did. */
  constructor(handed: Pick<HandOver, 'listeners' | 'supervised'>, inherited: readonly InheritedListener[]) {
    this.#inherited = inherited
    this.isSupervised = handed.supervised || inherited.length > 0
    this.#current = handed.listeners.map(({ key, slot, ...listener }) => ({
      id: this.#nextId++,
      since: 1,
      key,
      slot,
      listener,
    }))
  }

  /** Opens what the config asks for and is not open yet, for workers of `generation` and later. Throws Failure, with nothing left open. */
  async prepare(
    config: ServerConfig,
    { workers, generation }: { workers: number; generation: number },
  ): Promise<Draft> {
    const wanted = await wantedListeners(config, workers)
    const kept = this.isSupervised ? this.#current : this.#current.filter((entry) => isWanted(entry, wanted))
    const opened: Entry[] = []
    const giveUp = (): void => {
      for (const entry of opened) closeListener(entry.listener)
    }
    try {
      for (const open of this.#missing(config, wanted, kept)) {
        opened.push({ id: this.#nextId++, since: generation, ...open() })
      }
    } catch (error) {
      giveUp()
      throw error
    }
    return { giveUp, take: () => this.#take(kept, opened, generation) }
  }

  /** The listeners that new workers get, and those that a reload has given up and old workers still serve. */
  get slots(): readonly ListenerSlot[] {
    return [...this.#current, ...this.#stale]
  }

  /** The addresses as a person names them; sockets that share one are one. */
  get labels(): readonly string[] {
    return [...new Set(this.#current.map((entry) => entry.listener.label))]
  }

  /** Where connections wait to be accepted. */
  get queues(): readonly { readonly label: string; readonly fd: number; readonly slot: number | null }[] {
    return this.#current.map(({ slot, listener: { label, fd } }) => ({ label, fd, slot }))
  }

  /** What a worker is told of the listeners it inherits, their descriptors here, and their ids, all in one order. */
  handOver(): {
    readonly infos: readonly ListenerInfo[]
    readonly descriptors: readonly number[]
    readonly ids: readonly number[]
  } {
    const infos = this.#current.map(({ listener, slot }, index) => ({
      ...{ fd: firstListenerFd + index, label: listener.label, address: listener.address, slot },
    }))
    const descriptors = this.#current.map((entry) => entry.listener.fd)
    return { infos, descriptors, ids: this.#current.map((entry) => entry.id) }
  }

  /** The same for a new master, whose first listener gets descriptor `firstFd`. */
  bequeath(firstFd: number): {
    readonly listeners: readonly HandedListener[]
    readonly descriptors: readonly number[]
  } {
    const listeners = this.#current.map(({ key, slot, listener }, index) => ({
      ...listener,
      key,
      slot,
      fd: firstFd + index,
    }))
    return { listeners, descriptors: this.#current.map((entry) => entry.listener.fd) }
  }

  /** Closes listeners that a reload gave up: those of these ids, or all. */
  closeStale(ids: readonly number[] = this.#stale.map(({ id }) => id)): void {
    for (const entry of this.#stale) if (ids.includes(entry.id)) closeListener(entry.listener)
    this.#stale = this.#stale.filter(({ id }) => !ids.includes(id))
  }

  /**
   * Takes back the last change: workers of `generation` and later get what those before it had. A listener that was
   * opened because nobody could reach the one before it stays.
   */
  restore(generation: number): void {
    const { current, opened } = this.#previous
    const given = this.#stale.filter(({ id }) => current.some((entry) => entry.id === id))
    const renewed = opened.filter(({ key }) => given.some((entry) => entry.key === key))
    const back = given.filter(({ key }) => !renewed.some((entry) => entry.key === key))
    const dropped = opened.filter((entry) => !renewed.includes(entry))
    const kept = this.#current.filter((entry) => !dropped.includes(entry))
    this.#current = [...kept, ...back.map((entry) => restored(entry))]
    const stays = this.#stale.filter((entry) => !back.includes(entry))
    this.#stale = [...stays, ...dropped.map((entry) => ({ ...entry, before: generation }))]
  }

  /** Closes everything. With `unlink: false` the socket files stay, for another master that serves on them. */
  close({ unlink }: { unlink: boolean }): void {
    this.closeStale()
    for (const { listener } of this.#current) closeListener(unlink ? listener : { ...listener, isOurs: false })
    this.#current = []
  }

  #take(kept: readonly Entry[], opened: readonly Entry[], generation: number): void {
    const given = this.#current.filter((entry) => !kept.includes(entry))
    this.#previous = { current: this.#current, opened }
    this.#stale = [...this.#stale, ...given.map((entry) => ({ ...entry, before: generation }))]
    this.#current = [...kept, ...opened]
  }

  #missing(
    config: ServerConfig,
    wanted: readonly Wanted[],
    kept: readonly Entry[],
  ): readonly (() => Pick<Entry, 'key' | 'slot' | 'listener'>)[] {
    if (this.isSupervised) {
      return kept.length > 0 ? [] : this.#inherited.map((inherited) => () => adopt(inherited, wanted))
    }
    const options = listenOptions(config)
    const missing = wanted.filter(({ key }) => !kept.some((entry) => entry.key === key))
    return missing.map(({ key, address, slot }) => () => ({ key, slot, listener: open(address, options) }))
  }
}

/** Given up by a generation, and inherited again by those after it. */
function restored({ before, absentIn = [], ...entry }: Entry): Entry {
  return { ...entry, absentIn: before === undefined ? absentIn : [...absentIn, before] }
}

function open(address: Address, options: ReturnType<typeof listenOptions>): Listener {
  return address.kind === 'fd' ? describeFd(address.fd) : openListener(address, options)
}

/** A socket whose file is gone, or has been replaced, reaches nobody any more: another one is opened in its place. */
function isWanted({ key, listener }: Entry, wanted: readonly Wanted[]): boolean {
  return wanted.some((other) => other.key === key) && isReachable(listener)
}

/** A socket file is for the proxy, which shares the group: nobody may execute it, and the umask takes the rest. */
function listenOptions(config: ServerConfig) {
  const owner = lookupUser(config.user, config.group)
  return { backlog: config.backlog, mode: 0o666 & ~config.umask, owner, reusePort: config.reusePort }
}

function adopt(inherited: InheritedListener, wanted: readonly Wanted[]): Pick<Entry, 'key' | 'slot' | 'listener'> {
  const { fd, address, label } = inherited
  const key = formatAddress(address)
  const slot = wanted.find((other) => other.key === key)?.slot ?? null
  return {
    key,
    slot,
    listener: { fd, address, label, file: null, isOurs: false },
  }
}
