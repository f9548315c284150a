import { url } from 'node:inspector'
import { isIP } from 'node:net'
import { Failure } from '../contract/errors.ts'

/**
 * An inspector that others can reach lets them run any code as this user. Node opens it before our first line runs,
 * from --inspect=0.0.0.0 or NODE_OPTIONS, so all there is to do is not to go on. Throws Failure.
 */
export function refuseOpenInspector(address: string | undefined = url()): void {
  if (address === undefined || isLoopback(new URL(address).hostname)) return
  throw new Failure(
    'USAGE',
    `expected the Node.js inspector on this machine only, got it on ${new URL(address).host}`,
    {
      fix: 'Remove --inspect from the command line and from NODE_OPTIONS, or write --inspect=127.0.0.1:9229.',
    },
  )
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) === 4) return bare.startsWith('127.')
  return bare === '::1' || bare === 'localhost'
}
