import { mkdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { socketPaths } from '../../src/bundle/places.ts'
import { renderCheckWrapper } from '../../src/bundle/render.ts'
import { completeAnswers, type SiteAnswers } from '../../src/settings/site-table.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { request } from '../helpers/http-request.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { program } from './needs.ts'
import { placeSite, read } from './place-site.ts'

export type ServedSite = AsyncDisposable & {
  readonly answers: SiteAnswers
  readonly httpPort: number
  readonly httpsPort: number
  readonly fileOf: (path: string) => string
  /** Lines of nginx's access log. */
  readonly accessLog: () => readonly string[]
  /** Stands in for a worker: answers on the socket of its slot, from 1. */
  readonly worker: (slot: number, answer: http.RequestListener) => Promise<http.Server>
}

/**
 * Starts the real nginx with the site of some answers, moved to a scratch folder and high ports.
 * `adjust` may change the text of the site's file before nginx reads it.
 */
export async function serveSite(
  given: Partial<SiteAnswers>,
  adjust: (text: string) => string = (text) => text,
): Promise<ServedSite> {
  const dir = await tempDir()
  const { answers, fileOf } = await placeSite(dir.path, completeAnswers(given))
  mkdirSync(dir.join('scratch'))
  const siteFile = fileOf(`etc/nginx/${answers.nginxLayout}/${answers.name}.conf`)
  writeFileSync(siteFile, adjust(read(siteFile)))
  const isRoot = process.getuid?.() === 0
  const wrapper = renderCheckWrapper({
    site: siteFile,
    scratch: dir.join('scratch'),
    user: isRoot ? { name: 'root', group: 'root' } : null,
    foreground: true,
  })
  const args = ['-p', dir.path, '-e', dir.join('scratch/first.log'), '-c', await dir.write('nginx.conf', wrapper)]
  const nginx = spawnGroup(program('nginx'), args, { env: cleanEnvironment(), stdio: 'ignore' })
  const workers: http.Server[] = []
  const end = async () => {
    for (const worker of workers) worker.close().closeAllConnections()
    await nginx.kill()
    await dir[Symbol.asyncDispose]()
  }
  try {
    await until(() => read(dir.join('scratch/nginx.pid')).trim() === String(nginx.pid), { what: 'nginx to be up' })
  } catch (error) {
    await end()
    throw error
  }
  return {
    ...{ answers, fileOf, httpPort: portOf(answers.httpListen), httpsPort: portOf(answers.httpsListen) },
    accessLog: () => read(`${answers.nginxLogDirectory}/${answers.name}.access.log`).trim().split('\n'),
    worker: async (slot, answer) => {
      const worker = http.createServer(answer)
      workers.push(worker)
      await new Promise<void>((resolve, reject) => {
        worker.once('error', reject).listen(socketPaths(answers)[slot - 1], resolve)
      })
      return worker
    },
    [Symbol.asyncDispose]: end,
  }
}

function portOf(address: string): number {
  return Number(address.split(':').at(-1))
}

/** A worker that tells what it was asked. */
export const echo: http.RequestListener = (incoming, answer) => {
  const { rawHeaders, url, method } = incoming
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  incoming.on('end', () => answer.end(JSON.stringify({ rawHeaders, url, method, bytes })))
}

/** What a client of the site says when it opens TLS. */
export const tls = { servername: 'localhost' }
/** One request by https. */
export const secure = (site: ServedSite, path: string, options: Parameters<typeof request>[2] = {}) =>
  request({ port: site.httpsPort }, path, { tls, ...options, headers: { host: 'localhost', ...options.headers } })
/** One request by plain http. */
export const open = (site: ServedSite, path: string, headers: http.OutgoingHttpHeaders = { host: 'localhost' }) =>
  request({ port: site.httpPort }, path, { headers })
