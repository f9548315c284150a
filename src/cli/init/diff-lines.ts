/** A line of a comparison: kept, taken away or put in. */
export type DiffLine = { readonly sign: ' ' | '-' | '+'; readonly line: string }

// The table of a comparison grows with the product of both lengths.
const longest = 2000

/** What has to change in one text to get the other, line by line, with `around` kept lines about each change. */
export function diffLines(before: string, after: string, around = 3): readonly DiffLine[] {
  const [from, to] = [linesOf(before), linesOf(after)]
  const all = from.length > longest || to.length > longest ? replaceAll(from, to) : align(from, to)
  const isNear = (index: number) =>
    all.slice(Math.max(0, index - around), index + around + 1).some(({ sign }) => sign !== ' ')
  return all.filter((_line, index) => isNear(index))
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function replaceAll(from: readonly string[], to: readonly string[]): readonly DiffLine[] {
  return [...from.map((line): DiffLine => ({ sign: '-', line })), ...to.map((line): DiffLine => ({ sign: '+', line }))]
}

// The longest common subsequence: lengths[i][j] is that of the rests from i and from j.
function align(from: readonly string[], to: readonly string[]): readonly DiffLine[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Uint32Array(to.length + 1))
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const row = lengths[i]
      if (row) row[j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  return walk(from, to, at)
}

function walk(
  from: readonly string[],
  to: readonly string[],
  at: (i: number, j: number) => number,
): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < from.length || j < to.length) {
    const [old, fresh] = [from[i], to[j]]
    const goesOld = old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))
    if (old !== undefined && old === fresh) lines.push({ sign: ' ', line: old })
    else lines.push(goesOld ? { sign: '-', line: old } : { sign: '+', line: fresh ?? '' })
    const both = old === fresh
    if (both || goesOld) i += 1
    if (both || !goesOld) j += 1
  }
  return lines
}
