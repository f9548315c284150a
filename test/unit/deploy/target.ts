import type { CheckTarget } from '../../../src/deploy/target.ts'

/** A target that nobody connects to. */
export function target(given: Partial<CheckTarget> = {}): CheckTarget {
  return {
    front: 'nginx',
    withoutProxy: '',
    https: { host: '127.0.0.1', port: 8443, encrypted: true, name: 'localhost' },
    http: { host: '127.0.0.1', port: 8080, encrypted: false, name: 'localhost' },
    keyPath: null,
    names: ['localhost'],
    workers: 2,
    probePath: '/probe',
    staticFolders: [],
    maxBody: 1000,
    logDirectory: '/nowhere',
    master: { pid: 1, lastLines: () => [] },
    testProxy: async () => ({ ok: true, words: '' }),
    reload: () => undefined,
    stop: async () => ({ ends: [], leftovers: [], remains: [] }),
    renderAgain: 'tsicorn init --force',
    host: null,
    ...given,
  }
}
