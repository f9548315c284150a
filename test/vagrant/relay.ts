import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Passes on what a program says, line by line, each after a word that tells it from others that speak at the same time. */
export function relay(child: ChildProcess, word: string): void {
  for (const input of [child.stdout, child.stderr])
    if (input !== null) createInterface({ input }).on('line', (line) => void process.stdout.write(`${word} ${line}\n`))
}
