import { spawn } from 'node:child_process'

/** Someone who clears up when this process is killed before it could do so itself. */
export type Guard = {
  /** A process group to end and a folder to remove, should we die. */
  readonly watchGroup: (group: number) => void
  readonly watchFolder: (path: string) => void
  /** All is cleared up; resolves when the guard has gone. */
  readonly dismiss: () => Promise<void>
}

/** Reads orders until its input ends. That happens when we dismiss it, and when we die, by SIGKILL too. */
const script = `
trap '' HUP INT QUIT TERM
groups= folder=
while IFS= read -r line; do
  case $line in
    'group '*) groups="$groups \${line#group }" ;;
    'folder '*) folder=\${line#folder } ;;
    dismissed) exit 0 ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
[ -z "$folder" ] || rm -rf -- "$folder"
`

/** Starts a guard: a shell in a session of its own, waiting on a pipe that only we hold. */
export function postGuard(): Guard {
  const shell = spawn('/bin/sh', ['-c', script], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = new Promise<void>((resolve) => shell.once('exit', () => resolve()).once('error', () => resolve()))
  shell.stdin.on('error', () => undefined)
  return {
    watchGroup: (group) => void shell.stdin.write(`group ${group}\n`),
    watchFolder: (path) => void shell.stdin.write(`folder ${path}\n`),
    dismiss: async () => {
      shell.stdin.end('dismissed\n')
      await gone
    },
  }
}
