import type { System } from './system.ts'

/** What a machine has on its disk: of each path what tells one state from another. */
type Listing = ReadonlyMap<string, string>

/** Where a machine keeps what it was like. */
const kept = 'root/as-it-was'

// Times do not count of a folder or a link, nor of a file under /etc, but its bytes: passwd and its like are written anew.
const pruned = ['proc', 'sys', 'dev', 'run', 'tmp', kept].map((path) => `-path ./${path}`).join(' -o ')
const script = `
cd /
find . -xdev \\( ${pruned} \\) -prune -o -type d -printf '%P\\td%m %U %G\\n' \\
  -o -type l -printf '%P\\tl%U %G %l\\n' \\
  -o -path './etc/*' -type f -printf '%P\\tf%m %U %G %s\\n' -o -printf '%P\\t%y%m %U %G %s %T@\\n'
echo
find etc -xdev -type f -exec sha256sum {} +
`

/** Has a machine list all its paths and hashes, and keep the list. */
export async function keepListing(run: System['run']): Promise<void> {
  await run(`{ ${script} } > /${kept}`, { within: 120_000 })
}

/** The paths that are not as they were when the list was kept. */
export async function pathsChanged(run: System['run']): Promise<readonly string[]> {
  const before = read(await run(`cat /${kept}`))
  const after = read(await run(script, { within: 120_000 }))
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => `/${path}`)
    .sort()
}

function read(text: string): Listing {
  const [paths = '', hashes = ''] = text.split('\n\n')
  const listed = new Map(paths.split('\n').map((line) => line.split('\t') as [string, string]))
  for (const line of hashes.split('\n')) {
    const path = line.slice(66)
    listed.set(path, `${listed.get(path)} ${line.slice(0, 64)}`)
  }
  return listed
}
