import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { escapeControl } from '../escape.ts'
import { controlProblem, read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'
import { list } from './list.ts'

const longestName = 253

const domain: Kind<string> = {
  placeholder: 'DOMAIN',
  expects: 'a host name such as example.com, or *.example.com',
  repeatable: false,
  parse: parseDomain,
  accept: (value) => (typeof value === 'string' ? parseDomain(value) : refuse()),
  format: (value) => value,
}

/** Host names a site answers to, the main one first, each in lower case and ASCII. */
export const domains = list(domain, {
  expects: domain.expects,
  separator: ',',
  min: 1,
  key: (item) => item,
})

function parseDomain(text: string): Reading<string> {
  const problem = controlProblem(text) ?? asciiProblem(text) ?? characterProblem(text) ?? shapeProblem(text)
  return problem === null ? read(text.toLowerCase()) : refuse(problem)
}

// A browser sends the ASCII form; nginx compares bytes, so the readable form would never match.
function asciiProblem(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return null
  const ascii = domainToASCII(text)
  return ascii === '' ? 'letters outside ASCII' : `letters outside ASCII; write it as ${ascii}`
}

function characterProblem(text: string): string | null {
  const found = /[^A-Za-z0-9.*-]/.exec(text)
  if (found === null) return null
  if (/[~$]/.test(found[0])) return 'regular expressions and variables are not accepted'
  return `"${escapeControl(found[0])}" is not allowed in a host name`
}

function shapeProblem(text: string): string | null {
  const name = text.startsWith('*.') ? text.slice(2) : text
  if (name.includes('*')) return 'a wildcard stands alone before the first dot, as in *.example.com'
  if (name === '') return 'the name is empty'
  if (text.length > longestName) return `${text.length} characters, a host name has at most ${longestName}`
  if (isIP(name) !== 0 || /(?:^|\.)\d+$/.test(name)) return 'an address or number, not a name'
  if (text !== name && !name.includes('.')) return 'a wildcard needs a domain with a dot in it'
  return labelProblem(name.split('.'))
}

function labelProblem(labels: readonly string[]): string | null {
  if (labels.at(-1) === '') return 'write it without the final dot'
  if (labels.includes('')) return 'two dots with nothing between them'
  const long = labels.find((label) => label.length > 63)
  if (long !== undefined) return `the part between two dots has ${long.length} characters, 63 are allowed`
  if (labels.some((label) => /^-|-$/.test(label))) return 'a part begins or ends with a hyphen'
  return labels.some((label) => /^xn--/i.test(label)) && domainToASCII(labels.join('.')) === ''
    ? 'a part that begins with xn-- and is not Punycode'
    : null
}
