const mark = ' … [cut]'

/** Cuts text to so many bytes of UTF-8, and shows that it was cut. */
export function cutText(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  const kept = bytes.subarray(0, Math.max(0, limit - Buffer.byteLength(mark)))
  return kept.toString().replace(/\uFFFD{1,3}$/, '') + mark
}

/**
 * Shortens a JSON record to so many bytes by cutting its longest texts; it stays valid JSON.
 * A record of countless small parts keeps only what every record has. `finish` is applied to the serialized record.
 */
export function cutRecord(json: string, limit: number, finish: (line: string) => string): string {
  const record = JSON.parse(json) as Record<string, unknown>
  for (;;) {
    const line = finish(JSON.stringify(record))
    if (Buffer.byteLength(line) <= limit) return line
    const longest = findLongest(record)
    if (longest.text.length < shortest) return finish(JSON.stringify(essence(record)))
    // Halving, since how many bytes a text takes in the line depends on what is escaped in it.
    longest.holder[longest.key] = cutText(longest.text, Math.floor(Buffer.byteLength(longest.text) / 2))
  }
}

/** Texts below this length are left alone: cutting them saves nothing. */
const shortest = 100

type Place = { readonly holder: Record<string, unknown>; readonly key: string; readonly text: string }

function findLongest(holder: Record<string, unknown>): Place {
  let longest: Place = { holder, key: '', text: '' }
  for (const [key, value] of Object.entries(holder)) {
    const place =
      typeof value === 'string' ? { holder, key, text: value } : isRecord(value) ? findLongest(value) : longest
    if (place.text.length > longest.text.length) longest = place
  }
  return longest
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function essence(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { level, time, pid, event, msg } = record
  return {
    level,
    time,
    pid,
    event: cutText(String(event), shortest),
    cut: true,
    msg: cutText(String(msg), shortest * 4),
  }
}
