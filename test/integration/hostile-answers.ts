/** What somebody gives, by the name of the answer; and what they are told. */
export type Refused = {
  readonly title: string
  readonly flags: Readonly<Record<string, string | readonly string[]>>
  readonly complaint: RegExp
}

const refused = (title: string, flags: Refused['flags'], complaint: RegExp): Refused => ({ title, flags, complaint })

const longLabel = 'a'.repeat(64)
const longName = [63, 63, 63, 63].map((length) => 'a'.repeat(length)).join('.')

/** Answers that no file is written for. */
export const refusedAnswers: readonly Refused[] = [
  // Injection into nginx.
  refused(
    'a directive behind the domain',
    { domain: 'a.test;return 301 https://evil.test' },
    /domain: .*";" is not allowed/,
  ),
  refused(
    'a block behind the domain',
    { domain: 'a; } include /etc/passwd; server { server_name b' },
    /domain: .*";" is not/,
  ),
  refused('a log file in the domain', { domain: 'a; error_log /etc/cron.d/x' }, /domain: .*";" is not allowed/),
  refused('a space in the domain', { domain: 'a.test b.test' }, /domain: .*" " is not allowed/),
  refused('a comment in the domain', { domain: 'a.test#' }, /domain: .*"#" is not allowed/),
  refused('a regular expression as domain', { domain: '~^(?<x>.+)$' }, /domain: .*regular expressions/),
  refused('a variable as domain', { domain: '$hostname' }, /domain: .*variables/),
  refused(
    'a directive in a static directory',
    { static: '/s/=/srv/app; autoindex on' },
    /static: .*";" is not allowed/,
  ),
  refused('a variable in a static directory', { static: '/s/=/srv/$http_x' }, /static: .*"\$" is not allowed/),
  refused('a block in a static prefix', { static: '/s{}/=/srv/x' }, /static: .*prefix/),
  refused('a pattern in a static prefix', { static: '/s*/=/srv/x' }, /static: .*prefix/),
  refused(
    'a server in the runtime directory',
    { runtimeDirectory: '/run/x; server 10.0.0.1:80' },
    /runtimeDirectory: .*";"/,
  ),
  refused('a glob in the nginx directory', { nginxDirectory: '/etc/nginx/*' }, /nginxDirectory: .*"\*"/),
  refused('a directive in the address', { httpListen: '80; return 444' }, /httpListen: .*not of that shape/),
  refused('a flag in the address', { httpsListen: '443 default_server' }, /httpsListen: .*not of that shape/),
  refused('a directive in a proxy', { trustedProxies: '10.0.0.0/8; return 444' }, /trustedProxies: /),
  refused('the whole world as a proxy', { trustedProxies: '*' }, /trustedProxies: .*whole world/),
  refused('the whole world as a network', { trustedProxies: '::/0' }, /trustedProxies: .*whole world/),
  refused('two forerunners', { cdn: 'fastly', trustedProxies: '10.0.0.1' }, /one of cdn and trustedProxies/),
  refused('a network nobody knows', { cdn: 'cloudfare' }, /cdn: expected one of none, cloudflare, fastly/),
  refused(
    'a format that is a directive',
    { accessLogFormat: 'json; access_log /x' },
    /accessLogFormat: expected one of/,
  ),
  refused('a version that is a directive', { nginxVersion: '1.22.1; load_module x' }, /nginxVersion: /),
  refused('an nginx from another age', { nginxVersion: '1.16.1' }, /nginxVersion: .*too old/),
  refused('a version of OpenSSL in words', { opensslVersion: 'latest' }, /opensslVersion: /),
  // Injection into units.
  refused('a section in the name', { name: 'x\n[Service]\nExecStartPre=/bin/touch /x' }, /name: .*U\+000A/),
  refused('a line in the working directory', { workingDirectory: '/srv/x\nUser=root' }, /workingDirectory: .*U\+000A/),
  refused('a quote in the path of node', { node: '/usr/bin/node" --inspect' }, /node: .*""" is not allowed/),
  refused(
    'a backslash at the end of a path',
    { workingDirectory: '/srv/x\\' },
    /workingDirectory: .*"\\\\?" is not allowed/,
  ),
  refused('a second credential in a name', { credentials: 'a:/etc/shadow' }, /credentials: /),
  refused('a way out in a credential', { credentials: '../../shadow' }, /credentials: /),
  refused('credentials for a systemd without them', { credentials: 'a', systemdVersion: '245' }, /247 or later/),
  refused('a systemd from another age', { systemdVersion: '219' }, /systemdVersion: expected a whole number from 245/),
  refused('more memory than there is', { memory: '101%' }, /memory: expected a share/),
  refused('no memory at all', { memory: '0%' }, /memory: expected a share/),
  refused('memory with a directive', { memory: '80%\nUser=root' }, /memory: /),
  // Injection into logrotate and the shell of the runbook.
  refused(
    'a second pattern in the log directory',
    { logDirectory: '/var/log/x { } /etc/passwd' },
    /logDirectory: .*"\{"/,
  ),
  refused(
    'a script in the log directory',
    { logDirectory: '/var/log/x\n postrotate\n touch /x' },
    /logDirectory: .*U\+000A/,
  ),
  refused('a command in the mail address', { email: 'a@b.test; touch /x' }, /email: .*not of that shape/),
  refused('an option in the mail address', { email: 'a@b.test -d evil.test' }, /email: .*not of that shape/),
  refused('a command in the entry', { app: '`touch /x`' }, /app: .*"`" is not allowed/),
  refused('a command behind the health path', { healthPath: '/up;touch /x' }, /healthPath: /),
  // What a terminal would obey, and what an editor would not show.
  refused('a terminal sequence as domain', { domain: '\u001b[2J' }, /domain: .*"\\x1b\[2J".*U\+001B/),
  refused('a NUL in a path', { workingDirectory: '/srv/x\u0000' }, /workingDirectory: .*U\+0000/),
  refused(
    'a letter that turns the line around',
    { workingDirectory: '/srv/\u202egnp' },
    /workingDirectory: .*not allowed/,
  ),
  refused('a separator of lines', { stateDirectory: '/data/\u2028x' }, /stateDirectory: .*U\+2028/),
  refused(
    'half of a letter, as bytes that are not UTF-8 become',
    { workingDirectory: '/srv/\ud800' },
    /workingDirectory: .*U\+D800/,
  ),
  // Domains.
  refused('letters outside ASCII', { domain: 'bücher.example' }, /domain: .*xn--bcher-kva\.example/),
  refused('Punycode that is none', { domain: 'xn--\u{61}-.example' }, /domain: .*(?:Punycode|hyphen)/),
  refused('a part that is too long', { domain: `${longLabel}.test` }, /domain: .*64 characters/),
  refused('a domain that is too long', { domain: longName }, /domain: .*255 characters/),
  refused('two dots', { domain: 'a..b' }, /domain: .*two dots/),
  refused('a final dot', { domain: 'a.test.' }, /domain: .*final dot/),
  refused('no domain', { domain: '' }, /domain: .*empty/),
  refused('a hyphen at the edge', { domain: '-a.test' }, /domain: .*hyphen/),
  refused('the same domain twice', { domain: ['a.test', 'A.TEST'] }, /domain: .*twice/),
  refused('a wildcard for everything', { domain: '*' }, /domain: .*wildcard/),
  refused('a wildcard in the middle', { domain: 'a.*.test' }, /domain: .*wildcard/),
  refused('a wildcard of a whole top level', { domain: '*.test' }, /domain: .*wildcard/),
  refused('an address instead of a name', { domain: '192.0.2.1' }, /domain: .*address/),
  refused('an IPv6 address instead of a name', { domain: '[::1]' }, /domain: .*not allowed/),
  refused('a URL instead of a name', { domain: 'https://a.test/' }, /domain: .*not allowed/),
  refused('a port behind the name', { domain: 'a.test:8080' }, /domain: .*":" is not allowed/),
  refused('a certificate no authority gives', { domain: '*.example.com', tls: 'letsencrypt' }, /wildcard/),
  refused('a private name for an authority', { domain: 'wiki.internal', tls: 'letsencrypt' }, /public names/),
  // Names and accounts.
  refused('the name of the superuser', { name: 'root' }, /name: .*the system uses that name/),
  refused('the name of another service', { name: 'nginx' }, /name: .*the system uses that name/),
  refused('a name that is too long', { name: 'a'.repeat(32) }, /name: .*not of that shape/),
  refused('a name with a slash', { name: '../x' }, /name: .*not of that shape/),
  refused('a name that is an option', { name: '-x' }, /name: .*not of that shape/),
  refused('the superuser', { user: 'root' }, /user: .*superuser/),
  refused('the superuser by number', { user: '0' }, /user: .*not the number/),
  refused('a user shared by others', { user: 'nobody' }, /user: .*shared/),
  refused('a group that is none', { group: 'a b' }, /group: .*not a legal group name/),
  refused('the superuser for nginx', { nginxUser: 'root' }, /nginxUser: .*superuser/),
  // Paths.
  refused('a way out of the static directory', { static: '/s/=../secret' }, /static: .*\.\./),
  refused('a hidden prefix', { static: '/.git/=/srv/x' }, /static: .*dot/),
  refused('all of /etc for the world', { static: '/s/=/etc' }, /static: .*not for the world/),
  refused('the whole machine for the world', { static: '/s/=/' }, /static: .*not for the world/),
  refused('the whole application for the world', { static: '/s/=.' }, /static: .*holds all of it/),
  refused('a prefix that hides the application', { static: '/=/srv/x' }, /static: .*hide the application/),
  refused('one prefix for two directories', { static: ['/s/=/srv/x', '/s=/srv/y'] }, /static: .*twice/),
  refused('a home in the shorthand of shells', { static: '/s/=~/public' }, /static: .*shells/),
  refused('sockets where everybody writes', { runtimeDirectory: '/tmp' }, /runtimeDirectory: .*every user/),
  refused(
    'sockets below a path too long for them',
    { runtimeDirectory: `/${'a'.repeat(120)}` },
    /runtimeDirectory: .*121 bytes/,
  ),
  refused('a relative runtime directory', { runtimeDirectory: 'run' }, /runtimeDirectory: .*begin with/),
  refused('a path with a detour', { stateDirectory: '/data/./x' }, /stateDirectory: .*write it as/),
  refused('a path that ends in a space', { stateDirectory: '/data/x ' }, /stateDirectory: .*space/),
  refused('an entry that is not there', { app: './missing.js' }, /app: .*no such file/),
  // Numbers.
  ...['0', '-1', '1e9', 'NaN', '0x10', '', '3.5', '٣', '513', ' 2'].map((workers) =>
    refused(`${JSON.stringify(workers)} workers`, { workers }, /workers: expected a whole number from 1 to 512/),
  ),
  refused('no request at all', { rateLimit: '0' }, /rateLimit: expected/),
  refused('a rate with a unit', { rateLimit: '10r/s' }, /rateLimit: expected/),
  refused('a body of less than nothing', { maxBody: '-1' }, /maxBody: /),
  refused('a body without end', { maxBody: '999999g' }, /maxBody: /),
  refused('a port beyond the last', { httpsPort: '65536' }, /httpsPort: /),
  refused('an address that is none', { httpListen: '999.1.1.1:80' }, /httpListen: .*not an IPv4/),
  refused('one address for http and https', { httpListen: '443' }, /two addresses/),
  // Combinations.
  refused('files without saying which', { tls: 'files' }, /certificate and certificateKey/),
  refused('hsts without TLS', { tls: 'off', hsts: 'true' }, /hsts only with TLS/),
  refused('a way of TLS that is none', { tls: 'maybe' }, /tls: expected one of/),
]
