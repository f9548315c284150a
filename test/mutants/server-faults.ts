import type { Mutant } from './mutant.ts'

const reload = 'test/unit/arbiter/reload.test.ts'
const workers = 'test/unit/arbiter/workers.test.ts'
const ends = 'test/unit/arbiter/start-and-stop.test.ts'

/** Faults in the server, and in how values are written into files. */
export const serverFaults: readonly Mutant[] = [
  {
    fault: 'a path with a % is a specifier to systemd',
    ...{ file: 'src/bundle/quote.ts', from: "text.replaceAll('%', '%%')", to: 'text' },
    ...{ test: 'test/unit/bundle/quote.test.ts', name: /a percent sign is doubled/ },
  },
  {
    fault: 'a quote ends the word of a shell',
    ...{ file: 'src/bundle/quote.ts', from: "word.replaceAll(\"'\", `'\\\\''`)", to: 'word' },
    ...{ test: 'test/unit/bundle/quote.test.ts', name: /a quote in a shell word is closed/ },
  },
  {
    fault: 'a reload lets workers go before their successors are ready',
    ...{
      file: 'src/arbiter/settle.ts',
      from: 'readyWorkers(turn).map((worker) => [worker.slot, worker.id]))',
      to: 'turn.state.workers.map((worker) => [worker.slot, worker.id]))',
    },
    ...{ test: reload, name: /a reload never lowers capacity/ },
  },
  {
    fault: 'a reload drops what its workers are doing',
    ...{
      file: 'src/arbiter/settle.ts',
      from: "retire(turn, worker, 'replaced', turn.limits.gracefulTimeout)",
      to: "retire(turn, worker, 'replaced', 0)",
    },
    ...{ test: reload, name: /a worker that is replaced finishes what it is doing/ },
  },
  {
    fault: 'a release that does not load is rolled out',
    ...{
      file: 'src/arbiter/reload.ts',
      from: 'if (!outcome.ok) return abortReload(turn, outcome.message, outcome.fix)',
      to: 'if (!outcome.ok) abortReload(turn, outcome.message, outcome.fix)',
    },
    ...{ test: reload, name: /a trial that fails leaves the old workers serving/ },
  },
  {
    fault: 'a storm of reloads makes any number of workers',
    ...{ file: 'src/arbiter/settle.ts', from: 'Math.max(2, 2 * target)', to: 'Number.POSITIVE_INFINITY' },
    ...{ test: reload, name: /a storm of HUPs/ },
  },
  {
    fault: 'a worker that keeps dying is started in a tight loop',
    ...{ file: 'src/arbiter/backoff.ts', from: 'deaths === 1 ? 0 : doubling(deaths - 2)', to: '0' },
    ...{ test: workers, name: /a worker that keeps dying soon after it was ready/ },
  },
  {
    fault: 'TTOU takes the last worker',
    ...{ file: 'src/arbiter/hear.ts', from: 'Math.max(1, workers)', to: 'Math.max(0, workers)' },
    ...{ test: workers, name: /TTIN adds a worker, TTOU takes the newest slot away, and one always stays/ },
  },
  {
    fault: 'a second TERM does not hurry',
    ...{
      file: 'src/arbiter/stop.ts',
      from: "if (stage.name === 'stopping') return hurry(turn, because)",
      to: "if (stage.name === 'stopping') return",
    },
    ...{ test: ends, name: /a second SIGTERM during a graceful stop/ },
  },
  {
    fault: 'a stop gives workers no time to finish',
    ...{ file: 'src/arbiter/stop.ts', from: 'stage.quick ? 0 : turn.limits.gracefulTimeout', to: '0' },
    ...{ test: ends, name: /TERM closes the listeners, gives every worker its grace/ },
  },
  {
    fault: 'a service without a living worker is well to the watchdog',
    ...{ file: 'src/arbiter/watchdog.ts', from: 'now - worker.lastBeat < silence', to: 'silence > 0' },
    ...{ test: 'test/unit/arbiter/watchdog.test.ts', name: /at least one worker turns/ },
  },
  {
    fault: 'the client’s own word for its address is believed',
    ...{ file: 'src/http/forwarded.ts', from: 'if (!isOurs(hop.address)) return found', to: '' },
    ...{ test: 'test/unit/http/forwarded.test.ts', name: /behind X-Forwarded-For/ },
  },
  {
    fault: 'with * everybody chooses an address',
    ...{
      file: 'src/http/trust.ts',
      from: 'const isOurs = (address: string): boolean => isIP',
      to: 'const isOurs = (address: string): boolean => everyone || isIP',
    },
    ...{ test: 'test/unit/http/trust.test.ts', name: /with \* a peer is believed about the client it saw/ },
  },
  {
    fault: 'a message can begin a line of its own in the log',
    ...{ file: 'src/log/escape.ts', from: 'shortForms[character] ??', to: "character === '\\n' ? character :" },
    ...{ test: 'test/unit/log/escape.test.ts', name: /a message can neither begin a new line/ },
  },
  {
    fault: 'a full disk joins two lines of the log',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a program that is read, not run
    ...{ file: 'src/log/sink.ts', from: 'Buffer.from(torn ? `\\n${line}` : line)', to: 'Buffer.from(line)' },
    ...{ test: 'test/unit/log/sink.test.ts', name: /a line broken off by a full disk/ },
  },
]
