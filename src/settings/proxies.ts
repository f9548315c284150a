/** What of a host depends on the program in front: its folder below /etc and /var/log, and the account it runs as. */
export const proxies = {
  nginx: { title: 'nginx', program: 'nginx', proxyFolder: 'nginx', proxyAccount: 'www-data' },
  haproxy: { title: 'HAProxy', program: 'haproxy', proxyFolder: 'haproxy', proxyAccount: 'haproxy' },
  caddy: { title: 'Caddy', program: 'caddy', proxyFolder: 'caddy', proxyAccount: 'caddy' },
  apache: { title: 'Apache', program: 'apache2', proxyFolder: 'apache2', proxyAccount: 'www-data' },
} as const

export type ProxyName = keyof typeof proxies

export const proxyNames = Object.keys(proxies) as readonly ProxyName[]
