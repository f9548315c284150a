import { choice } from '../kinds/choice.ts'
import { integer } from '../kinds/integer.ts'
import { list } from '../kinds/list.ts'
import { optional } from '../kinds/optional.ts'
import { path } from '../kinds/path.ts'
import { size } from '../kinds/size.ts'
import { text } from '../kinds/text.ts'
import { type SettingsTable, setting } from '../setting.ts'

const pemFile = optional(path({ placeholder: 'FILE', expects: 'the path of a PEM file' }))

const cipherList = optional(
  text({
    placeholder: 'LIST',
    expects: 'names of OpenSSL cipher suites with colons between them',
    problem: (given) => (/^[A-Za-z0-9_\-+!@=:.]+$/.test(given) ? null : ''),
  }),
)

const protocols = list(choice(['h1', 'h2']), {
  expects: 'h1, h2, or both with a comma between them',
  separator: ',',
  min: 1,
  key: (word) => word,
})

/** TLS and HTTP/2 at the server, for those without nginx. */
export const tlsSettings = {
  certfile: setting({
    section: 'Encryption',
    kind: pemFile,
    default: null,
    synonyms: ['cert', 'certificate', 'tlsCert', 'sslCertfile'],
    summary: 'serve TLS with the certificate chain in this file',
    details: `All addresses then speak TLS. Behind nginx this is not needed: nginx ends the TLS.

The certificate is checked at the start: status 2 when it cannot be read or the key is another one's. A reload reads it again; connections that exist keep the old one. A reload with a certificate that cannot be used, or that has expired, changes nothing, and the log says why.`,
    takesEffect: 'reload',
  }),
  keyfile: setting({
    section: 'Encryption',
    kind: pemFile,
    default: null,
    synonyms: ['key', 'privateKey', 'certificateKey', 'sslKeyfile'],
    summary: 'the private key that belongs to the certificate',
    details: `In PEM, without a passphrase: there is nobody to type it when the server starts. With --user, it may be readable for root alone: it is read before a worker gives up root.`,
    takesEffect: 'reload',
  }),
  caCerts: setting({
    section: 'Encryption',
    kind: pemFile,
    default: null,
    synonyms: ['ca', 'clientCa', 'sslCaCerts'],
    summary: 'the authorities whose client certificates are accepted',
    details: 'Certificates in PEM, one after the other. Needed where certReqs asks for client certificates.',
    takesEffect: 'reload',
  }),
  certReqs: setting({
    section: 'Encryption',
    kind: choice(['none', 'optional', 'required']),
    default: 'none',
    synonyms: ['clientAuth', 'requestCert', 'mtls'],
    summary: 'ask clients for a certificate of their own',
    details: `With required, a client without a certificate from caCerts gets no connection. With optional it may have none, but not a wrong one. The application finds it as req.socket.getPeerCertificate(), over HTTP/2 too.`,
    takesEffect: 'reload',
  }),
  ciphers: setting({
    section: 'Encryption',
    kind: cipherList,
    default: null,
    synonyms: ['sslCiphers', 'cipherSuites'],
    summary: "the cipher suites for TLS 1.2; Mozilla's intermediate ones if not given",
    details: `Those of TLS 1.3 are all strong; they are used as they are unless the list names some of them (TLS_…). Without it, they are those of Mozilla's intermediate configuration: forward secrecy for all, every client of the last ten years. The client's own order of preference counts.`,
    takesEffect: 'reload',
  }),
  tlsMinVersion: setting({
    section: 'Encryption',
    kind: choice(['TLSv1.2', 'TLSv1.3']),
    default: 'TLSv1.2',
    synonyms: ['minVersion', 'sslVersion', 'tlsVersion'],
    summary: 'the oldest version of TLS that is spoken',
    details: 'TLS 1.0 and 1.1 are not spoken at all (RFC 8996).',
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable

/** The settings of HTTP/2; the flags have the names they have in Gunicorn. */
export const http2Settings = {
  httpProtocols: setting({
    section: 'Encryption',
    kind: protocols,
    default: ['h1'],
    synonyms: ['http2', 'alpn', 'protocols'],
    summary: 'the versions of HTTP that are offered over TLS: h1, h2 or h1,h2',
    details: `Client and server agree on one while they open TLS (ALPN). With h2 alone, a client that does not ask for HTTP/2 gets no connection. Needs certfile and keyfile: browsers speak HTTP/2 over TLS only, and nginx speaks HTTP/1.1 to the server.

The application sees a request over HTTP/2 as it sees one over HTTP/1.1: the same objects, with httpVersion 2.0, host from :authority, and no names that begin with a colon. So frameworks that cannot use node:http2, such as Express 4 and 5, serve it unmodified. Headers about the connection (Connection, Transfer-Encoding, Keep-Alive, Upgrade) that an application sets are left out of the answer. Early hints, trailers and Expect: 100-continue work; server push does not exist, nor do WebSockets over HTTP/2 (RFC 8441), which browsers open over HTTP/1.1 instead: leave h1 in the list for those.`,
    takesEffect: 'reload',
  }),
  http2MaxConcurrentStreams: setting({
    section: 'Encryption',
    kind: integer({ min: 1, max: 10_000 }),
    default: 100,
    summary: 'how many requests a client may have under way on one HTTP/2 connection',
    details: 'A client that opens more has them refused, which it may safely send again.',
    takesEffect: 'reload',
  }),
  http2InitialWindowSize: setting({
    section: 'Encryption',
    kind: size({ min: 1024, max: 2 ** 31 - 1 }),
    default: 65_535,
    summary: 'how many bytes of a body a client may send ahead of the application, for each request',
    details: 'More makes uploads faster over long distances, and takes that much memory for each of them.',
    takesEffect: 'reload',
  }),
  http2MaxFrameSize: setting({
    section: 'Encryption',
    kind: size({ min: 16_384, max: 2 ** 24 - 1 }),
    default: 16_384,
    summary: 'the largest frame that a client may send',
    details: 'From 16384 to 16777215 bytes (RFC 9113, 6.5.2). There is rarely a reason for more than the default.',
    takesEffect: 'reload',
  }),
  http2MaxHeaderListSize: setting({
    section: 'Encryption',
    kind: size({ min: 1024, max: 1024 ** 2 }),
    default: 65_536,
    summary: 'the most bytes that the headers of an HTTP/2 request may have',
    details: 'Counted as RFC 9113 counts them: names, values, and 32 for each. What is longer is refused.',
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
