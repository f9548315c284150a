import type { SystemFault } from './faults.ts'

const project = '/srv/guestbook'
const unit = 'etc/systemd/system/site.socket'
const tls = '/etc/site/tls'

const selfSigned = (name: string) =>
  `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=site -addext subjectAltName=DNS:${name}`

/** A change that was cut off before anything of it was done. */
const journal = JSON.stringify({
  ...{ version: 1, change: 'abcdef', site: 'site', kind: 'deploy', at: '2026-01-01T00:00:00.000Z' },
  ...{ homes: [], dismiss: null, undo: [] },
})

/** Faults of a host and of files on it, for the checks that a record and a staging directory cannot show. */
export const furtherFaults: readonly SystemFault[] = [
  {
    ...{ words: 'a deployment that was cut off', layer: 'files', seenBy: ['files.whole'] },
    make: `echo '${journal}' > /var/lib/tsicorn/site/journal.json`,
  },
  {
    ...{ words: 'a file edited by hand, in the bundle too', layer: 'files', seenBy: ['files.unedited'] },
    make: `for file in /${unit} ${project}/deploy/${unit}; do echo '# mine' >> $file; done`,
  },
  {
    ...{ words: 'files of before an answer was changed', layer: 'files', seenBy: ['files.current'] },
    make: `node -e "
const file = '${project}/deploy/site.json', fs = require('fs'), answers = JSON.parse(fs.readFileSync(file))
fs.writeFileSync(file, JSON.stringify({ ...answers, rateLimit: 50 }))"`,
  },
  {
    ...{ words: 'a chain that is none', layer: 'host', seenBy: ['host.certificate'] },
    make: `${selfSigned('other.test')} -keyout /dev/null 2>/dev/null >> ${tls}/fullchain.pem`,
  },
  {
    ...{
      words: 'the key of another certificate',
      layer: 'host',
      seenBy: ['host.certificate-key', 'host.nginx-syntax'],
    },
    make: `openssl ecparam -genkey -name prime256v1 -noout > ${tls}/privkey.pem`,
  },
  {
    ...{ words: 'a certificate of another name', layer: 'host', seenBy: ['host.certificate-names'] },
    make: `${selfSigned('other.test')} -keyout ${tls}/privkey.pem -out ${tls}/fullchain.pem 2>/dev/null; systemctl reload nginx`,
  },
]
