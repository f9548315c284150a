import { addresses } from '../kinds/address.ts'
import { integer } from '../kinds/integer.ts'
import { onOff } from '../kinds/switch.ts'
import { umask } from '../kinds/umask.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** Where connections come in. */
export const listeningSettings = {
  bind: setting({
    section: 'Listening',
    kind: addresses,
    default: [{ kind: 'tcp', host: '127.0.0.1', port: 8000 }],
    short: 'b',
    environment: ['PORT'],
    synonyms: ['listen', 'port', 'host', 'address', 'socket'],
    summary: 'listen on HOST:PORT, [IPV6]:PORT, PORT, unix:/PATH or fd://N',
    details: `A port alone means every IPv4 address of the machine. Port 0 lets the system choose; the ready line says which. Several addresses stand in one text with commas between them, or in a list in a config file.

With {slot} in a unix path, as in unix:/run/app/{slot}.sock, each worker has a socket of its own. A proxy that lists them all can send a request to the worker with the fewest, which one shared socket leaves to chance.

A unix path is absolute and has at most 107 bytes. A socket that nobody answers on is replaced; one that somebody answers on, or anything that is not a socket, is left alone and reported.

Sockets that systemd passes on (LISTEN_FDS) are used instead of bind.

A reload opens the new addresses before it closes the old ones.`,
    takesEffect: 'reload',
  }),
  backlog: setting({
    section: 'Listening',
    kind: integer({ min: 64, max: 65_535 }),
    default: 2048,
    summary: 'how many connections may wait until a worker accepts them',
    details: `The kernel cuts this down to net.core.somaxconn. When a unix socket's queue is full, nginx gets EAGAIN at once and answers 502.`,
    takesEffect: 'restart',
  }),
  reusePort: setting({
    section: 'Listening',
    kind: onOff,
    default: false,
    summary: 'give each worker a TCP socket of its own on the same port (SO_REUSEPORT)',
    details: `The kernel then chooses the worker by a hash of the addresses, so that many short connections spread evenly; a worker that is busy gets its share all the same. The sockets are opened by the master and stay open when a worker is replaced, so no connection is lost. Another program of the same user that asks for it may listen on the port too.`,
    takesEffect: 'restart',
  }),
  umask: setting({
    section: 'Listening',
    kind: umask,
    default: 0o007,
    short: 'm',
    summary: 'the mode bits to withhold from sockets and files, in octal',
    details: `0007 lets owner and group connect to a unix socket and nobody else: whoever may connect may also claim to be the proxy. Text is octal with or without a leading 0; a number in a TypeScript or JavaScript file is the value itself, so write 0o007 there and a text in JSON.`,
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
