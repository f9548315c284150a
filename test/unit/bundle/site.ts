import { type BundleFile, renderBundle } from '../../../src/bundle/render.ts'
import { completeAnswers, type SiteAnswers } from '../../../src/settings/site-table.ts'

/** Answers that make every part of every template appear. */
export const full: Partial<SiteAnswers> = {
  name: 'shop',
  domain: ['shop.example.com', 'www.shop.example.com'],
  workers: 3,
  healthPath: '/health',
  statusPath: '/-/status',
  drainDelay: 15_000,
  email: 'admin@example.com',
  hsts: true,
  static: [{ prefix: '/assets/', directory: '/srv/shop/public' }],
  defaultServer: true,
  logs: 'files',
  group: 'shops',
  credentials: ['session.key'],
}

/** The files of a site by path. */
export function render(given: Partial<SiteAnswers>): Readonly<Record<string, string>> {
  return Object.fromEntries(renderAll(given).map(({ path, content }) => [path, content]))
}

/** The files of a site. */
export function renderAll(given: Partial<SiteAnswers>): readonly BundleFile[] {
  return renderBundle(completeAnswers(given))
}

/** The one file whose path ends so. */
export function fileOf(files: Readonly<Record<string, string>>, ending: string): string {
  const found = Object.entries(files).filter(([path]) => path.endsWith(ending))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} files end in ${ending}`)
  return only[1]
}
