/** A file that should stand on the host, with the bytes, the mode and the owner it should have. */
export type WantedFile = {
  readonly kind: 'file'
  /** Below the root of the host, with its leading slash. */
  readonly path: string
  readonly content: string
  readonly mode: number
  readonly user: string
  readonly group: string
  /** Belongs to the operator once it is there: never written over. */
  readonly keep: boolean
  /** What it says is never shown. */
  readonly secret: boolean
}

export type WantedLink = { readonly kind: 'link'; readonly path: string; readonly target: string }

export type WantedDirectory = {
  readonly kind: 'directory'
  readonly path: string
  readonly mode: number
  readonly user: string
  readonly group: string
}

/** A certificate of our own making with its key; what is there and fits is left. */
export type WantedCertificate = {
  readonly kind: 'certificate'
  readonly certificate: string
  readonly key: string
  readonly names: readonly string[]
}

/** Something that stood in the way and was agreed to go. */
export type Unwanted = { readonly kind: 'absent'; readonly path: string }

/** Everything that one deployment wants of the file system. */
export type Wanted = WantedFile | WantedLink | WantedDirectory | WantedCertificate | Unwanted

/** What stands at a path of the host. Bytes are in base64: a file that stands in the way may hold anything. */
export type Found =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file'
      readonly base64: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory'; readonly mode: number; readonly uid: number; readonly gid: number }
  /** A file that we may not read, or something that is none of the others. */
  | { readonly kind: 'other'; readonly words: string }

/** Nothing. */
export const absent: Found = { kind: 'absent' }

/** The paths that are written for something wanted. */
export function pathsOf(wanted: Wanted): readonly string[] {
  return wanted.kind === 'certificate' ? [wanted.certificate, wanted.key] : [wanted.path]
}

/** The text of a file; null of anything else. */
export function textOf(found: Found): string | null {
  return found.kind === 'file' ? Buffer.from(found.base64, 'base64').toString('utf8') : null
}
