import { until } from '../helpers/until.ts'
import type { System } from './system.ts'

/** A name that the authority signs for. */
export const publicName = 'guestbook.example.org'

/**
 * A client of a certificate authority that takes certbot's words and keeps its files where certbot does. It is convinced as
 * Let's Encrypt is, over plain http by a file below the webroot or by a server of its own, and keeps the deploy hook for
 * renewals, whose first word has to be a program. It refuses while /root/refused is there. In the variables it is told of
 * other places, and of another port than 80.
 */
export const authorityClient = `#!/bin/sh
set -eu
home=\${AUTHORITY_HOME:-/etc/letsencrypt} notes=\${AUTHORITY_NOTES:-/root} door=\${AUTHORITY_PORT:-80}
kept="$home/renewal"
issue() {
  . "$1"
  [ -z "$port" ] || webroot=$(mktemp -d)
  challenge="$webroot/.well-known/acme-challenge"
  mkdir -p "$challenge"
  if [ -n "$port" ]; then
    python3 -m http.server "$port" --bind 127.0.0.1 --directory "$webroot" > /dev/null 2>&1 &
    trap "kill $!" EXIT
    until curl -sfo /dev/null --noproxy '*' "http://127.0.0.1:$port/"; do sleep 0.1; done
  fi
  echo "token of $domain" > "$challenge/token"
  url="http://$domain:$door/.well-known/acme-challenge/token"
  [ ! -e "$notes/refused" ] && [ "$(curl -sf --noproxy '*' --resolve "$domain:$door:127.0.0.1" "$url")" = "token of $domain" ] ||
    { echo "Detail: DNS problem: NXDOMAIN looking up A for $domain" >&2; exit 1; }
  rm -r "$webroot/.well-known"
  live="$home/live/$name"
  mkdir -p "$live"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj / \\
    -addext "subjectAltName=DNS:$domain" -keyout "$live/privkey.pem" -out "$live/fullchain.pem" 2>/dev/null
  RENEWED_LINEAGE="$live" sh -c "$hook"
}
order=$1 port='' webroot='' keep=''
shift
if [ "$order" = renew ]; then for one in "$kept"/*; do issue "$one"; done; exit; fi
while [ $# -gt 0 ]; do
  case $1 in
    --webroot-path | -w) webroot=$2 ;;
    --http-01-port) port=$2 ;;
    --keep-until-expiring) keep=1 ;;
    --cert-name) name=$2 ;;
    --domain | -d) domain=$2 ;;
    --deploy-hook) hook=$2 ;;
  esac
  shift
done
command -v "\${hook%% *}" | grep -q / || { echo "Unable to find deploy-hook command \${hook%% *} in the PATH." >&2; exit 1; }
[ -z "$keep" ] || [ ! -e "$home/live/$name/fullchain.pem" ] || { echo "Certificate not yet due for renewal; no action taken."; exit; }
mkdir -p "$kept"
printf "webroot='%s'\\nport='%s'\\nname='%s'\\ndomain='%s'\\n" "$webroot" "$port" "$name" "$domain" > "$notes/$name.asked"
printf "hook='%s'\\n" "$(printf '%s' "$hook" | sed "s/'/'\\\\''/g")" >> "$notes/$name.asked"
issue "$notes/$name.asked"
mv "$notes/$name.asked" "$kept/$name"
`

/** Installs the client under certbot's name. */
export function installAuthority(system: System): Promise<void> {
  return system.write('/usr/local/bin/certbot', authorityClient, '0755')
}

/** Waits until the certificate that was issued is the one that is served, and returns its fingerprint. */
export async function servesIssued(system: System, name: string): Promise<string> {
  const print = 'openssl x509 -noout -fingerprint -sha256'
  const issued = await system.run(`${print} -in /etc/letsencrypt/live/${name}/fullchain.pem`)
  const ask = `openssl s_client -connect 127.0.0.1:443 -servername ${publicName} < /dev/null 2>/dev/null | ${print}`
  await until(async () => (await system.attempt(ask)).stdout.trim() === issued, {
    what: 'the certificate',
    within: 60_000,
  })
  return issued
}
