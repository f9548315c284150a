import { readMark } from '../../bundle/mark.ts'
import { placesOf } from '../../bundle/places.ts'
import { renderBundle } from '../../bundle/render.ts'
import { type Check, judge, pass, warn } from '../check.ts'
import type { FilesTarget } from '../inspect/files-target.ts'
import { interruptedSites } from '../install/recover.ts'
import { textOf } from '../install/wanted.ts'

const base = { layer: 'files', group: 'Files', needs: [], active: false, within: 10_000 } as const

export const installed: Check<FilesTarget> = {
  ...base,
  id: 'files.installed',
  title: 'Every file of the bundle stands where it belongs',
  why: 'What was written into the bundle since, or changed on the host, is not what you have read and tried.',
  how: 'each file of the bundle compared with the one in place, byte by byte',
  run: async ({ files, disk, answers, deploy }) => {
    const { envFile } = placesOf(answers)
    const problems = files.flatMap(({ path, content }) => {
      const found = disk.look(`/${path}`)
      if (found.kind === 'absent') return [`/${path} is not there`]
      if (`/${path}` === envFile || found.kind === 'other') return []
      return textOf(found) === content ? [] : [`/${path} differs`]
    })
    return judge('all as in the bundle', `${files.length} files`, problems, deploy)
  },
}

export const whole: Check<FilesTarget> = {
  ...base,
  id: 'files.whole',
  title: 'No deployment was cut off in the middle',
  why: 'Some files would be new and others old.',
  how: 'the journal of the last deployment',
  exempt: ({ isRoot, root }) => (isRoot || root !== '' ? null : 'only root may read the journal'),
  run: async ({ root, answers, recover }) => {
    const cut = interruptedSites(root).filter((site) => site === answers.name)
    return judge(
      'no journal',
      'none',
      cut.map((site) => `the last change of ${site} was cut off`),
      recover,
    )
  },
}

export const unedited: Check<FilesTarget> = {
  ...base,
  id: 'files.unedited',
  title: 'No generated file was edited by hand',
  why: 'The next init asks what to do about it, and nobody remembers why; the directories for your own lines outlive updates.',
  how: 'the hash in the first line of each file against the rest of it',
  needs: ['files.installed'],
  run: async ({ files, text, answers, again }) => {
    // The environment is the operator's to fill.
    const { envFile } = placesOf(answers)
    const marked = files.filter(({ path, content }) => readMark(content) !== null && `/${path}` !== envFile)
    const edited = marked.filter(({ path }) => readMark(text(`/${path}`) ?? '')?.untouched !== true)
    const words = edited.map(({ path }) => `/${path}`).join(', ')
    return edited.length === 0
      ? pass('each as it was written', `${marked.length} files`)
      : warn('each as it was written', `${words} was edited`, again)
  },
}

export const current: Check<FilesTarget> = {
  ...base,
  id: 'files.current',
  title: 'The files are what this tsicorn would write',
  why: 'A newer version may have mended something in them.',
  how: 'the bundle rendered anew from site.json, beside the one that is there',
  needs: ['files.installed'],
  run: async ({ files, answers, again }) => {
    const rendered = new Map(renderBundle(answers).map(({ path, content }) => [path, content]))
    const old = files.filter(
      ({ path, content }) => rendered.get(path) !== content && readMark(content)?.untouched === true,
    )
    const words = old.map(({ path }) => path).join(', ')
    return old.length === 0
      ? pass('the same bytes', 'the same bytes')
      : warn('the same bytes', `${words} would be written otherwise`, again)
  },
}

export const modes: Check<FilesTarget> = {
  ...base,
  id: 'files.modes',
  title: 'Nobody but root may change the files',
  why: 'Whoever can write a unit, a site of nginx or rules of logrotate is root soon after.',
  how: 'owner and mode of each file',
  needs: ['files.installed'],
  run: async (target) => {
    const [problems, fixes] = strangers(target)
    return judge('owned by root, writable by root alone', 'so', problems, fixes.join(' && ') || null)
  },
}

export const environment: Check<FilesTarget> = {
  ...base,
  id: 'files.environment',
  title: 'The environment file is there, and not for everybody',
  why: 'It holds the secrets of the application; without it the server does not start.',
  how: 'mode of the environment file',
  run: async ({ disk, answers, root, deploy }) => {
    const { envFile } = placesOf(answers)
    const found = disk.look(envFile)
    const expected = `${envFile}, mode 0640 or stricter`
    if (found.kind === 'absent') return judge(expected, '', ['it is not there'], deploy)
    if (found.kind !== 'file') return pass(expected, 'there, and not for everybody')
    const open = (found.mode & 0o027) !== 0
    return judge(expected, mode(found.mode), open ? [`mode ${mode(found.mode)}`] : [], `chmod 0640 ${root}${envFile}`)
  },
}

export const enabledSite: Check<FilesTarget> = {
  ...base,
  id: 'files.enabled-site',
  title: "nginx's link leads to the site",
  why: 'nginx reads only what is enabled, and would show another site.',
  how: 'the link in sites-enabled',
  exempt: ({ answers }) => (placesOf(answers).enabledSite === null ? 'nginx reads the file itself' : null),
  run: async ({ disk, answers, deploy }) => {
    const { enabledSite: link, siteFile } = placesOf(answers)
    const found = disk.look(link ?? '')
    const words =
      found.kind === 'link'
        ? `it leads to ${found.target}`
        : `${link} is ${found.kind === 'absent' ? 'not there' : `a ${found.kind}`}`
    const right = found.kind === 'link' && found.target === siteFile
    return judge(`${link} leads to ${siteFile}`, words, right ? [] : [words], deploy)
  },
}

function strangers({ files, disk, root, isRoot }: FilesTarget): readonly [readonly string[], readonly string[]] {
  const problems: string[] = []
  const fixes: string[] = []
  for (const { path } of files) {
    const found = disk.look(`/${path}`)
    if (found.kind !== 'file') continue
    // Below a staging directory that is not root's, nothing can be.
    const owned = found.uid === 0 || (root !== '' && !isRoot)
    if (owned && (found.mode & 0o022) === 0) continue
    problems.push(`/${path} has mode ${mode(found.mode)} and owner ${found.uid}`)
    fixes.push(`chown root ${root}/${path} && chmod go-w ${root}/${path}`)
  }
  return [problems, fixes]
}

function mode(bits: number): string {
  return `0${bits.toString(8)}`
}
