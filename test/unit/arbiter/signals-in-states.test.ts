import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initialState } from '../../../src/arbiter/state.ts'
import { type MasterSignal, masterSignals } from '../../../src/contract/signals.ts'
import { Lifecycle, running } from '../../helpers/lifecycle.ts'

/** The states a signal may come in, each with two workers wanted. */
const states = {
  booting: () => new Lifecycle(),
  running: () => running(),
  trying: () => after('SIGHUP'),
  rolling: () => told(after('SIGHUP'), (life) => life.hear({ type: 'tried', outcome: { ok: true } })),
  paused: () => after('SIGWINCH'),
  draining: () => after('SIGTERM'),
  hurrying: () => after('SIGINT'),
  upgrading: () => upgrading(),
  upgraded: () => told(upgrading(), (life) => life.hear({ type: 'successorReady' })),
  heir: () => heir(),
} as const satisfies Record<string, () => Lifecycle>

type State = keyof typeof states
type Row = Readonly<Record<State, string>>

/** While workers run, whatever else goes on. */
const working = { scaled: 'spawn; 3 wanted', fewer: 'retire; 1 wanted' } as const
const stop = 'abandonTrial tellClosing closeListeners retire retire; stopping'
// With another master on the same sockets the service goes on.
const stopBeside = 'abandonTrial closeListeners retire retire; stopping'
const wave = 'abandonTrial tellClosing closeListeners retire retire retire; stopping'
const pause = 'abandonTrial retire retire; paused'
const idle = '; signal.idle'
const refused = '; hand-over.refused'
const every = (effect: string): Row =>
  Object.fromEntries(Object.keys(states).map((name) => [name, effect])) as Record<State, string>

const quickly: Row = {
  ...every(`${stop}, quick`),
  trying: `${stop}, quick, reload idle`,
  rolling: `${wave}, quick, reload idle`,
  // Those that drained are told once more, and now without grace.
  paused: `${stop}, quick`,
  draining: 'retire retire; quick',
  hurrying: idle,
  upgrading: `${stopBeside}, quick`,
  heir: `${stopBeside}, quick`,
  upgraded: 'abandonTrial notifyMainPid closeListeners retire retire; stopping, quick',
}

/** What each signal does in each state: orders; what is different afterwards. Where it does nothing, the log says so. */
const table: Readonly<Record<MasterSignal, Row>> = {
  SIGTERM: {
    ...every(stop),
    trying: `${stop}, reload idle`,
    rolling: `${wave}, reload idle`,
    paused: 'abandonTrial tellClosing closeListeners; stopping',
    draining: 'retire retire; quick',
    hurrying: idle,
    upgrading: stopBeside,
    heir: stopBeside,
    upgraded: 'abandonTrial notifyMainPid closeListeners retire retire; stopping',
  },
  SIGINT: quickly,
  SIGQUIT: quickly,
  SIGHUP: {
    ...every('try; reload trying'),
    booting: '; reload later',
    trying: '; reload later',
    rolling: '; reload later',
    draining: idle,
    hurrying: idle,
  },
  SIGTTIN: { ...every(working.scaled), paused: 'spawn; running, 1 wanted', draining: idle, hurrying: idle },
  SIGTTOU: { ...every(working.fewer), paused: idle, draining: idle, hurrying: idle },
  SIGUSR1: every('reopenLogs; '),
  SIGUSR2: {
    ...every('handOver; '),
    booting: refused,
    draining: refused,
    hurrying: refused,
    upgrading: refused,
    upgraded: refused,
    heir: refused,
  },
  SIGWINCH: {
    ...every(pause),
    trying: `${pause}, reload idle`,
    rolling: 'restoreConfig abandonTrial retire retire retire; paused, reload idle',
    paused: idle,
    draining: idle,
    hurrying: idle,
  },
}

for (const signal of Object.keys(masterSignals) as MasterSignal[]) {
  for (const state of Object.keys(states) as State[]) {
    test(`${signal} while ${state} does what the table says, and the log tells`, () => {
      const life = states[state]()
      life.forget()
      const before = life.state
      life.signal(signal)
      assert.equal(effect(life, before), table[signal][state])
      assert.notDeepEqual(life.ordered('note'), [])
    })
  }
}

test('a server paused before it was complete says ready when it goes on and is', () => {
  const life = new Lifecycle()
  life.signal('SIGWINCH')
  for (const { id } of life.leaving) life.die(id, 0)
  life.signal('SIGTTIN')
  life.signal('SIGTTIN')
  assert.deepEqual(life.notes('master.ready'), [])
  life.boot()
  assert.equal(life.notes('master.ready').length, 1)
  assert.equal(life.ordered('notify').filter((order) => order.state === 'ready').length, 1)
})

test('a reload that fails while the workers are stopped does not say that they serve', () => {
  const life = after('SIGWINCH')
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: false, message: 'no', fix: null } })
  assert.match(life.notes('reload.failed')[0] ?? '', /the workers stay stopped/)
})

test('TTIN and TTOU after a HUP count on top of the setting, those before it are set back', () => {
  const life = running()
  life.signal('SIGTTIN')
  life.signal('SIGHUP')
  life.signal('SIGTTIN')
  life.signal('SIGTTIN')
  life.signal('SIGTTOU')
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.state.target, 3)
})

test('TTIN after a HUP that has to wait counts on top of the setting too', () => {
  const life = new Lifecycle()
  life.signal('SIGTTIN')
  life.signal('SIGHUP')
  life.signal('SIGTTIN')
  life.boot()
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.state.target, 3)
})

test('a number asked for by name during a reload is what there is after it', () => {
  const life = after('SIGHUP')
  life.hear({ type: 'asked', id: 1, request: { command: 'scale', workers: 5 } })
  life.signal('SIGTTOU')
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.state.target, 4)
})

/** What only tells how things are. */
const words: ReadonlySet<string> = new Set(['note', 'notify', 'extendTimeout', 'hook'])

function effect(life: Lifecycle, before: Lifecycle['state']): string {
  const orders = life.orders.map(({ type }) => type).filter((type) => !words.has(type))
  const { state } = life
  const changes = [
    state.stage.name !== before.stage.name ? state.stage.name : '',
    isQuick(state) && !isQuick(before) ? 'quick' : '',
    state.target !== before.target ? `${state.target} wanted` : '',
    state.reloadAsked ? 'reload later' : '',
    state.reload.phase !== before.reload.phase ? `reload ${state.reload.phase}` : '',
  ].filter((change) => change !== '')
  const refusals = life.ordered('note').map(({ event }) => event)
  const refusal = refusals.find((event) => event === 'signal.idle' || event === 'hand-over.refused')
  return refusal === undefined ? `${orders.join(' ')}; ${changes.join(', ')}` : `${orders.join(' ')}; ${refusal}`
}

function isQuick({ stage }: Lifecycle['state']): boolean {
  return stage.name === 'stopping' && stage.quick
}

function after(signal: MasterSignal): Lifecycle {
  return told(running(), (life) => life.signal(signal))
}

function told(life: Lifecycle, tell: (life: Lifecycle) => unknown): Lifecycle {
  tell(life)
  return life
}

function upgrading(): Lifecycle {
  return told(after('SIGUSR2'), (life) => life.hear({ type: 'successorSpawned', pid: 4711 }))
}

function heir(): Lifecycle {
  const life = new Lifecycle()
  life.state = initialState(life.limits, life.now, true)
  life.hear({ type: 'begun' })
  life.boot()
  return life
}
