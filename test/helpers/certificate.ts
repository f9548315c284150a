import { execFileSync } from 'node:child_process'
import type { TempDir } from './temp-dir.ts'

/** Makes a self-signed certificate with openssl, and its key: files in the folder. */
export function makeCertificate(dir: TempDir): { readonly cert: string; readonly key: string } {
  const files = { cert: dir.join('cert.pem'), key: dir.join('key.pem') }
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', files.key, '-out', files.cert], {
    stdio: 'pipe',
  })
  return files
}
