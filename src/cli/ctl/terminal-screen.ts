import type { Context } from '../context.ts'

/** A terminal of our own for a while: what stood there before comes back at the end, whatever the end. */
export type Screen = AsyncDisposable & {
  readonly size: () => { readonly rows: number; readonly columns: number }
  readonly draw: (lines: readonly string[]) => void
  readonly onResize: (act: () => void) => void
  /** Resolves after so many milliseconds, or when somebody has seen enough. */
  readonly pause: (ms: number) => Promise<void>
  readonly isOver: boolean
  /** Resolves with null when somebody has seen enough. */
  readonly over: Promise<null>
  /** The exit status: that of a signal, where one has ended it. */
  readonly status: number
}

// The alternate screen and the cursor (ECMA-48; xterm's private modes 1049 and 25).
const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const clearLine = '\u001b[K'
const clearRest = '\u001b[J'

/** q, Q, Ctrl-C and Ctrl-D. */
const quitting = ['q', 'Q', '\u0003', '\u0004']
/** As a shell tells of a program that a signal ended. */
const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const

/** Takes the terminal over. Ends by a key, or by a signal. */
export function openScreen({ stdin, stdout }: Context): Screen {
  const terminal = stdout as NodeJS.WriteStream
  const keys = stdin as NodeJS.ReadStream
  let [isOver, status] = [false, 0]
  let finish: (end: null) => void = () => {}
  const over = new Promise<null>((resolve) => {
    finish = resolve
  })
  const end = (code: number): void => {
    if (!isOver) status = code
    isOver = true
    finish(null)
  }
  const restore = takeOver(terminal, keys, end)
  return {
    over,
    get isOver() {
      return isOver
    },
    get status() {
      return status
    },
    size: () => ({ rows: terminal.rows || 24, columns: terminal.columns || 80 }),
    draw: (lines) => void terminal.write(`${home}${lines.map((line) => line + clearLine).join('\n')}${clearRest}`),
    onResize: (act) => void terminal.on('resize', act),
    pause: (ms) => orOver(ms, over),
    [Symbol.asyncDispose]: async () => restore(),
  }
}

/** Returns how to give the terminal back, which an exit does by itself. */
function takeOver(terminal: NodeJS.WriteStream, keys: NodeJS.ReadStream, end: (status: number) => void): () => void {
  const press = (key: Buffer): void => {
    if (quitting.some((known) => key.includes(known))) end(0)
  }
  const signals = Object.entries(endings).map(([name, status]) => [name, () => end(status)] as const)
  for (const [name, act] of signals) process.on(name, act)
  if (keys.isTTY) keys.setRawMode(true).on('data', press).resume()
  terminal.write(enter)
  let isRestored = false
  const restore = (): void => {
    if (isRestored) return
    isRestored = true
    terminal.removeAllListeners('resize').write(leave)
    if (keys.isTTY) keys.off('data', press).setRawMode(false).pause()
    for (const [name, act] of signals) process.off(name, act)
    process.off('exit', restore)
  }
  process.on('exit', restore)
  return restore
}

function orOver(ms: number, over: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void over.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
