import type { SystemFault } from './faults.ts'

const project = '/srv/guestbook'
const unit = '/etc/systemd/system/site.service'
const answers = `${project}/deploy/site.json`
const nginx = '/etc/nginx'
const secrets = '/etc/site/credentials'
const archives = '/var/cache/apt/archives'
const state = '/var/lib/site'
const here = `tsicorn init ${project} --yes --force`

/** A small disk that holds the state of the site and what apt has fetched: 300 MiB, of which 100 are an archive. */
const smallDisk = `mkdir /srv/disk; mount -t tmpfs -o size=300M,mode=0755 small /srv/disk; mkdir /srv/disk/archives
cp -a ${state} /srv/disk/state; mount --bind /srv/disk/state ${state}; mount --bind /srv/disk/archives ${archives}
head -c 100M /dev/zero > ${archives}/large.deb`

const withoutDisk = `umount ${archives} ${state}; cp -a /srv/disk/state/. ${state}; umount /srv/disk; rmdir /srv/disk`

/**
 * Faults of a host that are seen one by one in a record of one, several at a time on a real one: each has its own fix, and
 * all of these are pasted.
 */
export const pastedFaults: readonly SystemFault[] = [
  {
    words: 'what a careless clean-up takes away',
    ...{ layer: 'host', fixes: 'each' },
    seenBy: [
      ...(['host.accounts', 'host.nginx-active', 'host.ports', 'host.nginx-enabled'] as const),
      ...(['host.rotation-rules', 'host.config', 'host.site-read'] as const),
    ],
    make: `sed -i /^site:/d /etc/passwd /etc/shadow; systemctl stop nginx; systemctl disable --quiet nginx
rm /etc/logrotate.d/site ${nginx}/sites-enabled/site.conf; sed -i 's/"backlog"/"backlogg"/' /etc/site/tsicorn.config.json`,
  },
  {
    words: 'what a stranger to the host changes',
    ...{ layer: 'host', fixes: 'each' },
    seenBy: [
      ...(['host.nginx-user', 'host.name-conflicts', 'host.application', 'host.disk'] as const),
      ...(['host.memory', 'host.exposure', 'loaded.watchdog', 'host.credentials'] as const),
    ],
    make: `sed -i 's/^user .*/user nobody nogroup;/' ${nginx}/nginx.conf
echo 'server { listen 8099; server_name guestbook.test; return 404; }' > ${nginx}/sites-enabled/old.conf
sed -i -E '/^WatchdogSec=/d; s/^MemoryMax=.*/MemoryMax=1T/; /^SystemCallFilter=~/d; s/^SystemCallFilter=.*/SystemCallFilter=~@obsolete/' ${unit}
systemctl daemon-reload; systemctl restart site; chmod 0700 /srv; ${smallDisk}
cp ${answers} /root; sed -i -E 's/"credentials": \\[[^]]*\\]/"credentials": ["database"]/' ${answers}
install -d -m 0700 ${secrets}; install -m 0644 /dev/null ${secrets}/database`,
    undo: `${withoutDisk}; mv /root/site.json ${answers}; rm -r ${secrets}; ${here}; cd ${project} && tsicorn deploy --force`,
  },
  {
    words: 'what an upgrade moves',
    ...{ layer: 'host', fixes: 'each' },
    seenBy: ['host.node', 'host.launcher', 'host.versions'],
    make: `ln -s /usr/bin/node /opt/node; ln -s "$(dirname "$(dirname "$(readlink -f "$(command -v tsicorn)")")")" /opt/tsicorn
${here} --node /opt/node --tsicorn /opt/tsicorn/bin/tsicorn.js --nginx-version 1.25.5
cd ${project} && tsicorn deploy --force; rm /opt/node /opt/tsicorn`,
  },
]
