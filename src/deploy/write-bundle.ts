import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BundleFile } from '../bundle/bundle-file.ts'

/** Writes the files of a bundle below a folder, each with its mode. */
export async function writeBundle(folder: string, files: readonly BundleFile[]): Promise<void> {
  for (const file of files) {
    const path = join(folder, file.path)
    if (relative(folder, path).startsWith('..')) throw new Error(`${file.path} leads out of the folder`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.content, { mode: file.mode })
  }
}
