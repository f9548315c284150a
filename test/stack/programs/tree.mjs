import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

// What programs leave behind wherever they run: copies of account files, and the logs that tell what happened.
const others =
  /^(?:\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-|\/etc\/\.pwd\.lock|\/var\/log\/nginx|\/var\/lib\/nginx|\/run\/nginx\.pid|\/run\/systemd|\/run\/tsicorn-deploy\.lock)/

/** Every file, link and directory of /etc, /var, /srv and /run: owner, mode, content. */
export function tree() {
  return ['/etc', '/var', '/srv', '/run'].flatMap(linesBelow)
}

function linesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (others.test(path)) return []
    const { mode, uid, gid } = lstatSync(path)
    const line = `${path} ${mode.toString(8)} ${uid}:${gid}`
    if (entry.isDirectory()) return [line, ...linesBelow(path)]
    if (entry.isSymbolicLink()) return [`${line} -> ${readlinkSync(path)}`]
    return entry.isFile() ? [`${line} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`] : [line]
  })
}
