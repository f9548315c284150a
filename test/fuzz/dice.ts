import { randomFrom } from '../helpers/replay.ts'

/** Chances that are the same for the same seed. */
export type Dice = {
  readonly below: (limit: number) => number
  readonly chance: (share: number) => boolean
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item
  readonly bytes: (length: number) => Buffer
}

export function diceOf(seed: number): Dice {
  const random = randomFrom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  return {
    below,
    chance: (share) => random() < share,
    pick: (items) => items[below(items.length)] ?? items[0],
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  }
}
