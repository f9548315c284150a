import { digits, spreadOf } from './figures.ts'
import type { Measure, Part } from './report.ts'

const [width, label, bar, gap] = [860, 330, 16, 26]
const colours = ['#2f6f9f', '#5d9cc4', '#b5651d', '#8a8a8a', '#6a9a4c', '#7d5ba6']

/** The medians of a report as bars with their spread, one block for each thing measured, as SVG. */
export function chart(parts: readonly Part[]): string {
  const blocks = parts.flatMap(({ title, measures }) =>
    grouped(measures, ({ what, unit }) => `${title}: ${what}, ${unit}`).filter(([, those]) => those.length > 1),
  )
  const who = [...new Set(blocks.flatMap(([, measures]) => measures.map((measure) => measure.who)))]
  let y = 10
  const drawn = blocks.map(([title, measures]) => {
    const text = block(title, measures, { y, who })
    y += gap * 1.5 + measures.length * (bar + 4)
    return text
  })
  const style = 'font-family="sans-serif" font-size="12" fill="#222"'
  const sheet = `<rect width="${width}" height="${y}" fill="#fff"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" ${style}>\n${sheet}\n${drawn.join('\n')}\n</svg>\n`
}

function grouped(measures: readonly Measure[], titleOf: (measure: Measure) => string) {
  const titles = [...new Set(measures.map(titleOf))]
  return titles.map((title) => [title, measures.filter((measure) => titleOf(measure) === title)] as const)
}

type Place = { readonly y: number; readonly who: readonly string[] }

function block(title: string, measures: readonly Measure[], { y, who }: Place): string {
  const most = Math.max(...measures.map(({ samples }) => spreadOf(samples).high))
  const scale = (value: number): number => (most > 0 ? (value / most) * (width - label - 80) : 0)
  const bars = measures.map((measure, index) => {
    const { median, low, high } = spreadOf(measure.samples)
    const top = y + gap + index * (bar + 4)
    const middle = top + bar / 2
    const colour = colours[who.indexOf(measure.who) % colours.length]
    return [
      `<text x="${label - 8}" y="${top + 12}" text-anchor="end">${asText(measure.who)}</text>`,
      `<rect x="${label}" y="${top}" width="${scale(median).toFixed(1)}" height="${bar}" fill="${colour}"/>`,
      `<path d="M${(label + scale(low)).toFixed(1)} ${middle}H${(label + scale(high)).toFixed(1)}" stroke="#222"/>`,
      `<text x="${(label + scale(high) + 6).toFixed(1)}" y="${top + 12}">${digits(median)}</text>`,
    ].join('')
  })
  return [`<text x="10" y="${y + 16}" font-weight="bold">${asText(title)}</text>`, ...bars].join('\n')
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
