import { exitCodes } from '../contract/exit-codes.ts'
import { masterSignals } from '../contract/signals.ts'
import { ctlCommands } from './ctl/commands.ts'
import type { Note, Page, Row } from './help.ts'

/** What each exit status of `tsicorn serve` means. */
export const serveExits: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'stopped as asked',
  failure: 'failed unexpectedly',
  usage: 'the command line or the configuration cannot be used; nothing was started',
  workerBoot: 'a worker failed to start',
  appLoad: 'the application failed to load',
  bind: 'an address cannot be listened on, or the server runs already',
}

const exitNote: Note = {
  heading: 'Exit status',
  rows: Object.entries(exitCodes).map(
    ([name, status]): Row => [String(status), serveExits[name as keyof typeof exitCodes]],
  ),
}

const signalNote: Note = {
  heading: 'Signals to the master',
  rows: Object.entries(masterSignals).map(([signal, meaning]): Row => [signal.slice('SIG'.length), meaning]),
  text: 'Under systemd with a socket unit, systemctl restart is better than USR2: the sockets stay open, and the new master starts as at every boot.',
}

const sourcesNote: Note = {
  heading: 'Where settings come from',
  rows: [
    ['1. config file', 'tsicorn.config.{ts,mts,js,mjs,json}: { "gracefulTimeout": 20 }'],
    ['2. environment', 'TSICORN_GRACEFUL_TIMEOUT=20, and the names given above as env'],
    ['3. TSICORN_CMD_ARGS', "flags in one text, split like a shell line: '--graceful-timeout 20 -w 2'"],
    ['4. command line', '--graceful-timeout 20'],
  ],
  text: 'The higher number wins; --print-config shows what holds and where it came from. Times are in seconds or with a unit (500ms, 2m).',
}

const serveExamples: Note = {
  heading: 'Examples',
  rows: [
    ['tsicorn ./app.js', 'one worker on 127.0.0.1:8000'],
    ['tsicorn ./src/server.ts:app -w 4', 'the export named app of a TypeScript file, four workers'],
    ['tsicorn ./app.js -w auto -b 8080', 'a worker for each processor, on every address of the machine'],
    ['tsicorn ./app.js -b unix:/run/app/{slot}.sock', 'a socket for each worker, for a proxy such as nginx'],
    ['tsicorn ./app.js --check-config', 'would it start? Exits 0 when it would'],
    ['kill -HUP PID', 'reload without losing a request'],
  ],
}

const serveNotes: readonly Note[] = [sourcesNote, serveExamples, signalNote, exitNote]

export const rootPage: Page = {
  about:
    'tsicorn runs a Node.js or TypeScript web application in production: a master that owns the sockets, and workers that serve.',
  usage: [
    ['tsicorn [serve] [options] APP', 'run an application; serve is what is meant when nothing is said'],
    ['tsicorn init [DIR]', 'write the nginx, systemd and logrotate files for an application, and a runbook'],
    ['tsicorn rehearse [DIR]', 'run those files as one stack on this machine, without root, and check it'],
    ['tsicorn ctl COMMAND', 'ask or tell a running server something, such as status or reload'],
    ['tsicorn docs [TOPIC]', 'read the documentation'],
    ['tsicorn completion SHELL', 'complete command lines in bash, zsh or fish'],
    ['tsicorn COMMAND --help', 'the options of one command'],
  ],
  notes: serveNotes,
}

export const servePage: Page = {
  about: 'Runs an application until it is told to stop.',
  usage: [['tsicorn [serve] [options] APP', 'APP is PATH[:EXPORT] or PACKAGE[:EXPORT]']],
  notes: [
    {
      heading: 'The application',
      text: 'Without EXPORT the first of these is taken: default, app, handler, server. It may be a request listener, an Express, Koa, Fastify, Nest or Hono application, an http.Server, a fetch handler, a function that returns one of these, or a module that calls listen() itself. TypeScript files load as they are.',
    },
    ...serveNotes,
  ],
}

export const initPage: Page = {
  about:
    'Asks a few questions and writes the files that an application needs in production into DIR/deploy. Nothing is installed.',
  usage: [
    ['tsicorn init [DIR]', 'ask, and write; DIR is the project, by default the current directory'],
    ['tsicorn init --yes [options]', 'ask nothing: what is not given is found out or has its default'],
  ],
  notes: [
    {
      heading: 'Examples',
      rows: [
        ['tsicorn init', 'in the folder of the project'],
        ['tsicorn init --yes --name shop --domain shop.example.com --app ./dist/server.js', 'without questions'],
        ['tsicorn init --answers deploy/site.json --diff', 'what would a change of the answers change?'],
      ],
    },
    {
      heading: 'Exit status',
      rows: [
        ['0', 'written, or nothing to write'],
        ['2', 'an answer cannot be used, or a file that somebody changed would be lost; nothing was written'],
      ],
    },
  ],
}

export const rehearsePage: Page = {
  about:
    'Runs the generated files as one stack on this machine, without root: nginx with TLS where it is installed, tsicorn and the application, on high ports and in a scratch folder that is removed afterwards.',
  usage: [
    ['tsicorn rehearse [DIR]', 'start, check, and stay up until Ctrl-C'],
    ['tsicorn rehearse [DIR] --once', 'start, check, stop'],
  ],
  notes: [
    {
      heading: 'Exit status of --once',
      rows: [
        ['0', 'no check failed'],
        ['1', 'at least one check failed'],
        ['2', 'the stack could not be checked'],
      ],
    },
  ],
}

export const deployPage: Page = {
  about:
    'Installs the files of a bundle on this host as one change: each is tried by its program first, a journal is kept, and whatever fails puts everything back as it was. What is in place already is left alone.',
  usage: [
    ['tsicorn deploy [DIR]', 'show the plan, carry it out, and ask the site'],
    ['tsicorn deploy [DIR] --dry-run', 'show the plan and stop'],
    ['tsicorn deploy [DIR] --release BUILD', 'switch to a new release of the application; back when it does not serve'],
    ['tsicorn deploy [DIR] --rollback', 'go back to the deployment before'],
    ['tsicorn deploy [DIR] --uninstall', 'remove what was installed'],
    ['tsicorn deploy [DIR] --root IMAGE', 'put the files into a directory; no root, no services'],
    ['tsicorn deploy [DIR] --check', 'prove that files, host and running stack are as they should be; change nothing'],
  ],
  notes: [
    {
      heading: "Let's Encrypt",
      rows: [['certbot', 'is run with --agree-tos once the site answers: you agree to its terms']],
    },
    {
      heading: 'Exit status',
      rows: [
        ['0', 'done, or nothing to do'],
        ['1', 'failed; what was there is back in place. Or installed, but the authority gave no certificate'],
        ['2', 'refused; nothing was changed'],
      ],
    },
    {
      heading: 'Exit status of --check',
      rows: [
        ['0', 'no check failed'],
        ['1', 'at least one check failed; with --strict also when one warned'],
        ['2', 'nothing could be checked'],
      ],
    },
  ],
}

export const ctlPage: Page = {
  about: 'Asks or tells a running server something, over the control socket it was started with.',
  usage: [
    ['tsicorn ctl COMMAND --control-socket PATH', 'the path may also stand in TSICORN_CONTROL_SOCKET'],
    ['tsicorn ctl COMMAND --name NAME', 'a generated service: /run/NAME/control.sock'],
    ['tsicorn ctl COMMAND', 'the server of the config file in the working directory'],
  ],
  notes: [
    { heading: 'Commands', rows: Object.entries(ctlCommands) },
    {
      heading: 'Exit status',
      rows: [
        ['0', 'done'],
        ['1', 'not done: the answer says why; after reload, the old workers serve on'],
        ['2', 'the command line makes no sense'],
      ],
    },
  ],
}

export const docsPage: Page = {
  about: 'Prints a page of the documentation, as Markdown; without a topic, the list of topics.',
  usage: [['tsicorn docs [TOPIC]', 'such as: tsicorn docs frameworks | less']],
  notes: [],
}

export const completionPage: Page = {
  about: 'Prints what makes a shell complete the commands of tsicorn, their flags and the values of these.',
  usage: [
    ['tsicorn completion bash', 'in ~/.bashrc: eval "$(tsicorn completion bash)"'],
    ['tsicorn completion zsh', 'in ~/.zshrc, after compinit: eval "$(tsicorn completion zsh)"'],
    ['tsicorn completion fish', 'tsicorn completion fish > ~/.config/fish/completions/tsicorn.fish'],
  ],
  notes: [],
}
