// Prints what the path says: /out/TEXT and /err/TEXT a line, /begin/TEXT a line without its end, /flood/LINES that many,
// /long/LENGTH one of that length, /die/TEXT a line and ends itself by SIGKILL, /linger/TEXT in a child that outlives it.
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'

const acts = {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  begin: (text) => process.stdout.write(text),
  flood: (lines) => writeAll(Array.from({ length: Number(lines) }, (_, number) => `flood ${number}\n`).join('')),
  long: (length) => writeAll(`${'x'.repeat(Number(length))}\n`),
  die: (text) => {
    writeAll(`${text}\nunfinished`)
    process.kill(process.pid, 'SIGKILL')
  },
  linger: (text) => {
    spawn('sh', ['-c', `cat >/dev/null; echo ${text}`], { stdio: ['pipe', 'inherit', 'inherit'], detached: true })
  },
}

/** Straight to the descriptor, whatever state it is in. */
function writeAll(text) {
  const bytes = Buffer.from(text)
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(1, bytes, sent)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}

process.stdout.write('loaded\n')

export default function print(request, response) {
  const [, act, text] = decodeURIComponent(request.url).split('/')
  acts[act]?.(text)
  response.end(String(process.pid))
}
