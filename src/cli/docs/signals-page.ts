import { masterSignals } from '../../contract/signals.ts'

const head = `# Signals

Signals go to the master, whose pid is in \`--pid FILE\`, in \`systemctl show -p MainPID\`, and first in \`tsicorn ctl status\`.
None is lost and none does harm in a state it does not fit: the log then says what became of it.

| signal | what it asks of the master |
|---|---|
`

const after = `
## While something else goes on

- Starting: TERM, INT and QUIT stop the start. HUP is carried out once the workers are ready.
- Reloading: another HUP is carried out when this reload has ended; a hundred of them are one. TERM, INT and QUIT end it.
- Stopping: a second TERM or INT kills what is left at once. HUP and the numbers of workers no longer matter.
- Beside another master (USR2): TERM to the old one commits to the new, TERM to the new one goes back. HUP to the old one
  starts its workers again when WINCH has stopped them.

## A terminal that is closed

A server that was started in the foreground of a terminal stops gracefully when that terminal is closed, as any program does.
To let it outlive the terminal use a service manager, \`--daemon\` or nohup. Without a terminal HUP is always a reload.

## Signals to a worker

A supervisor, or a person, may signal a worker by hand. TERM lets it finish and leave, and the master replaces it. All others
do nothing, so that Ctrl-C in a terminal, which reaches every process, is the master's to answer; USR1 opens no inspector, as it
would in any other process of Node.js. What the application does on TERM or INT it does when its worker leaves.

## With systemd

The generated unit says \`KillMode=mixed\`, so that TERM goes to the master alone, and \`ExecReload\` asks the master over its
control socket, waits, and fails when the old workers had to stay. Prefer \`systemctl restart\` to USR2 there: systemd holds the
sockets meanwhile.
`

/** The page `signals` of the documentation, as Markdown. */
export function composeSignalsPage(): string {
  const rows = Object.entries(masterSignals).map(([name, asks]) => `| ${name.replace('SIG', '')} | ${asks} |\n`)
  return `${head}${rows.join('')}${after}`
}
