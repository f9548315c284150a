import type { BundleFile } from '../bundle/bundle-file.ts'
import type { ProxyName } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { Child, ChildEnd } from './child.ts'
import type { Ports } from './rehearsal-answers.ts'
import type { CheckTarget } from './target.ts'

/** The machine a rehearsal takes place on. */
export type Machine = {
  /** Our own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly temporary: string
  readonly isRoot: boolean
  readonly node: string
  /** The launcher of tsicorn. */
  readonly launcher: string
  /** The proxy to put in front; null to do without. */
  readonly front: {
    readonly name: ProxyName
    readonly binary: string
    readonly version: string
    readonly openssl: string | null
    readonly gzipStatic: boolean | null
  } | null
  readonly openssl: string | null
}

export type RehearsalOrder = {
  readonly site: SiteAnswers
  /** Where the application is on this machine. */
  readonly workingDirectory: string
  /** The text of the site's environment file. */
  readonly environmentFile: string
  readonly ports: Ports
  readonly machine: Machine
  /** Leaves the scratch folder when all is over, and is told where it is; null to remove it. */
  readonly keepScratch: ((path: string) => void) | null
  /** Lets a test put a fault into the files before they are written. */
  readonly alter?: (files: readonly BundleFile[]) => readonly BundleFile[]
}

/** A process of the stack, for people. */
export type Part = { readonly name: string; readonly pid: number; readonly serves: string }

/** A stack that is up. */
export type Rehearsal = {
  /** The address to open in a browser. */
  readonly url: string
  readonly scratch: string
  readonly parts: readonly Part[]
  readonly target: CheckTarget
  readonly server: Child
  /** Why the proxy does not run although it is there: it refuses the site. */
  readonly frontRefuses: string | null
  /** Resolves when a process of the stack ends without having been told to. */
  readonly death: Promise<{ readonly child: Child; readonly end: ChildEnd }>
  /** Stops everything within two seconds, and removes every trace. */
  readonly end: () => Promise<void>
}
