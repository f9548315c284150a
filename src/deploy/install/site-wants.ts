import type { BundleFile } from '../../bundle/bundle-file.ts'
import { makesCertificate } from '../../bundle/host-views.ts'
import { placesOf } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import type { Wanted, WantedCertificate, WantedDirectory, WantedFile, WantedLink } from './wanted.ts'

/** What else decides what a deployment wants, beside the answers and the files of the bundle. */
export type Circumstances = {
  /** The certificate authority's client has a certificate for this site. */
  readonly authorized: boolean
  /** The operator agreed to give up nginx's default site. */
  readonly withoutDefaultSite: boolean
  /** A staging directory gets no certificate, and no directories of accounts or below /run; its units are enabled by links. */
  readonly staged: boolean
}

/** The link by which Debian's nginx serves its welcome page. */
export const defaultSite = '/etc/nginx/sites-enabled/default'

/** Everything a site needs on its host, in the order in which it is put there. */
export function wantsOf(
  answers: SiteAnswers,
  files: readonly BundleFile[],
  circumstances: Circumstances,
): readonly Wanted[] {
  const { enabledSite, siteFile } = placesOf(answers)
  const link: readonly WantedLink[] =
    enabledSite === null ? [] : [{ kind: 'link', path: enabledSite, target: siteFile }]
  const { withoutDefaultSite, staged } = circumstances
  return [
    ...files.filter(({ path }) => path.startsWith('etc/')).map((file) => wantedFile(file, answers)),
    ...directoriesOf(files).filter((directory) => !staged || isStageable(directory)),
    ...(staged ? [] : certificatesOf(answers, circumstances)),
    ...(withoutDefaultSite ? [{ kind: 'absent', path: defaultSite } as const] : []),
    ...link,
    ...(staged ? enablingLinks(files) : []),
  ]
}

// Accounts come with the first boot, and what is below /run with each.
function isStageable({ path, user, group }: WantedDirectory): boolean {
  return user === 'root' && group === 'root' && !path.startsWith('/run/')
}

/** What `systemctl enable` makes of the units' own words, relative so that it holds below any root. */
function enablingLinks(files: readonly BundleFile[]): readonly WantedLink[] {
  return files.flatMap(({ path, content }): readonly WantedLink[] => {
    const unit = /^etc\/systemd\/system\/([^/]+)$/.exec(path)?.[1]
    const target = /^WantedBy=(\S+)$/m.exec(content)?.[1]
    if (unit === undefined || target === undefined) return []
    return [{ kind: 'link', path: `/etc/systemd/system/${target}.wants/${unit}`, target: `../${unit}` }]
  })
}

/** The directories that tmpfiles.d of the site makes at every boot, read from what it says. */
export function directoriesOf(files: readonly BundleFile[]): readonly WantedDirectory[] {
  const lines = files
    .filter(({ path }) => path.startsWith('etc/tmpfiles.d/'))
    .flatMap(({ content }) => content.split('\n'))
  return lines.flatMap((line): readonly WantedDirectory[] => {
    // Our own way of writing it: a path with a blank stands in quotes, and %% is a percent sign.
    const [, quoted, bare, mode = '', user = '', group = ''] =
      /^d (?:"([^"]+)"|(\S+)) (\d+) (\S+) (\S+) -$/.exec(line) ?? []
    const path = (quoted ?? bare ?? '').replaceAll('%%', '%')
    return path === '' ? [] : [{ kind: 'directory', path, mode: Number.parseInt(mode, 8), user, group }]
  })
}

/** The directories of the application's account: systemd makes them when the service starts. */
export function homesOf({ stateDirectory, logDirectory }: SiteAnswers): readonly string[] {
  return [stateDirectory, logDirectory]
}

/** Where certbot keeps the certificate of a site that was asked for under the site's name. */
export function authorityFiles({ name }: Pick<SiteAnswers, 'name'>): {
  readonly certificate: string
  readonly key: string
} {
  const live = `/etc/letsencrypt/live/${name}`
  return { certificate: `${live}/fullchain.pem`, key: `${live}/privkey.pem` }
}

function certificatesOf(
  answers: SiteAnswers,
  { authorized }: Circumstances,
): readonly (WantedLink | WantedCertificate)[] {
  if (!makesCertificate(answers)) return []
  const { certificate, certificateKey: key, domain: names } = answers
  const authority = authorityFiles(answers)
  if (!authorized || answers.tls !== 'letsencrypt') return [{ kind: 'certificate', certificate, key, names }]
  return [
    { kind: 'link', path: certificate, target: authority.certificate },
    { kind: 'link', path: key, target: authority.key },
  ]
}

function wantedFile({ path, content, mode }: BundleFile, answers: SiteAnswers): WantedFile {
  const isEnvironment = `/${path}` === placesOf(answers).envFile
  return {
    ...{ kind: 'file', path: `/${path}`, content, mode, user: 'root' },
    group: isEnvironment ? answers.group : 'root',
    keep: isEnvironment,
    secret: isEnvironment,
  }
}
