/** A value among several, by its rank: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  return sorted[at] ?? Number.NaN
}

export type Spread = { readonly median: number; readonly low: number; readonly high: number }

/** The middle of some measurements, and the least and the most of them. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  const [left = Number.NaN, right = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]]
  return { median: (left + right) / 2, low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN }
}

/** A figure with as many digits as say something. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const size = Math.abs(value)
  if (size >= 100) return String(Math.round(value))
  return size >= 10 ? value.toFixed(1) : value.toFixed(2)
}
