import type { Machine } from '../../deploy/rehearsal.ts'
import { proxies } from '../../settings/proxies.ts'
import type { Project } from './load-project.ts'

/** What a reader of the result should know: how this rehearsal differs from the host. */
export function notesOn(project: Project, machine: Machine): readonly string[] {
  const { site } = project
  const { program } = proxies[site.proxy]
  const served = site.static.length > 0 ? 'static files, ' : ''
  const redirect = site.tls === 'off' ? '' : 'the redirect, HTTP/2, '
  const alone = `${program} is not installed, so tsicorn itself serves ${site.tls === 'off' ? 'the address' : 'TLS'}: ${redirect}${served}the body limit and the sockets are not rehearsed; \`apt-get install ${program}\` changes that.`
  const asRoot = `Everything runs as root here, which started it; on the host the service runs as ${site.user}.`
  return [...project.notes, ...(machine.front === null ? [alone] : []), ...(machine.isRoot ? [asRoot] : [])]
}
