/** One file of a bundle. */
export type BundleFile = {
  /** Below the bundle's directory, where it stands below the root of the host: `etc/nginx/sites-available/app.conf`. */
  readonly path: string
  readonly content: string
  /** Permission bits, such as 0o644. */
  readonly mode: number
}

/** A file that everybody may read, by its absolute path on the host. */
export function file(path: string, content: string): BundleFile {
  return { path: path.replace(/^\//, ''), content, mode: 0o644 }
}
