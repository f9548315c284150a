/** What an nginx says about how it was made, as far as the files depend on it. */
export type NginxBuild = {
  readonly version: string | null
  /** The version of OpenSSL it runs with; null where it is another library. */
  readonly openssl: string | null
  /** Whether it can serve files that were compressed beforehand; null when it does not say. */
  readonly gzipStatic: boolean | null
}

/** Reads the output of `nginx -V`. "running with" is there where the library has changed since nginx was built. */
export function readNginxBuild(text: string): NginxBuild {
  const first = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null
  return {
    version: first(/nginx version: \S*?\/(\d+\.\d+\.\d+)/),
    openssl: first(/running with OpenSSL (\d+\.\d+\.\d+)/) ?? first(/built with OpenSSL (\d+\.\d+\.\d+)/),
    gzipStatic: text.includes('configure arguments:') ? text.includes('--with-http_gzip_static_module') : null,
  }
}
