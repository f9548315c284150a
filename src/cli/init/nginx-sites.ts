import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['.', 'conf.d', 'sites-enabled']

/** Whether a site of this host's nginx already answers for the names that no other site knows: two may not. */
export function hasDefaultServer(configuration: string): boolean {
  return folders.some((folder) => filesIn(join(configuration, folder)).some(saysSo))
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}

function saysSo(path: string): boolean {
  try {
    return /^[^#\n]*\blisten\b[^;#]*\bdefault(?:_server)?\s*[;\s]/m.test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}
