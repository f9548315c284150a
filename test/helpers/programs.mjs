/** Programs that tests start, and the Debian package each is in. `npm test` installs them where it may. */
export const installed = {
  nginx: 'nginx',
  logrotate: 'logrotate',
  'systemd-analyze': 'systemd',
  openssl: 'openssl',
  haproxy: 'haproxy',
  caddy: 'caddy',
  apache2: 'apache2',
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  curl: 'curl',
  faketime: 'faketime',
  rsyslogd: 'rsyslog',
  supervisord: 'supervisor',
  dockerd: 'docker.io',
  'docker-compose': 'docker-compose',
  testssl: 'testssl.sh',
  zsh: 'zsh',
  fish: 'fish',
}

/** Programs whose package would bring a service that nobody here wants: they alone are taken out of it. */
export const unpacked = { promtool: 'prometheus' }
