import { showValue } from './escape.ts'

/** What went wrong with a hook, to follow its name. */
export type HookTrouble = { readonly problem: string; readonly error: unknown }

export type HookCall = {
  /** How long it may take to settle, in milliseconds; as long as it likes when left out. */
  readonly patience?: number
  readonly onTrouble: (trouble: HookTrouble) => void
}

/** How long a hook may take to settle, in milliseconds. */
export const hookPatience = 10_000

/** Calls a hook at once. Resolves when it has settled or its time is up; whatever goes wrong in it is told, never thrown. */
export async function callHook(hook: () => unknown, { patience, onTrouble }: HookCall): Promise<void> {
  try {
    const returned = hook()
    if (!isThenable(returned)) return
    await (patience === undefined ? returned : within(patience, returned, onTrouble))
  } catch (error) {
    onTrouble({ problem: `failed: ${describe(error)}`, error })
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

async function within(
  patience: number,
  promise: PromiseLike<unknown>,
  onTrouble: HookCall['onTrouble'],
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      onTrouble({ problem: `has not settled within ${patience / 1000} s`, error: undefined })
      resolve()
    }, patience)
  })
  try {
    await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : `${showValue(error)} was thrown`
}
