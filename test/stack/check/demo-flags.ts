/** What the site is like that file faults are for, in flags of init. */
export const demoFlags: readonly string[] = [
  ...['--name', 'demo', '--domain', 'demo.example', '--domain', 'www.demo.example', '--workers', '2'],
  ...['--tls', 'self-signed', '--logs', 'files', '--static', '/static/=static', '--max-body', '2m'],
]
