/** Says what a value is, for someone who expected an application: `a function of 1 argument`, `an object (a, b, c)`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'function') return describeFunction(value)
  if (typeof value !== 'object') return `${article(typeof value)} ${typeof value}`
  if (Array.isArray(value)) return 'an array'
  const keys = Object.keys(value).filter((key) => !key.startsWith('_'))
  const name = value.constructor?.name
  const kind = name === undefined || name === 'Object' ? 'an object' : `${article(name)} ${name}`
  return keys.length === 0 ? `${kind} without properties` : `${kind} (${some(keys)})`
}

/** The exports of a module and what they are: `default (an object (a, b)), start (a function of 0 arguments)`. */
export function describeExports(namespace: unknown): string {
  if (typeof namespace !== 'object' || namespace === null) return describeValue(namespace)
  const names = Object.keys(namespace).filter((name) => name !== 'module.exports' && name !== '__esModule')
  const told = names.filter((name) => !isEmpty(Reflect.get(namespace, name)))
  if (told.length === 0) return 'nothing'
  return some(told.map((name) => `${name} (${describeValue(Reflect.get(namespace, name))})`))
}

/** A CommonJS module that sets no exports has an empty object for its default. */
function isEmpty(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).length === 0
  )
}

function describeFunction(value: object): string {
  const { length = 0, name = '' } = value as { length?: number; name?: string }
  if (isClass(value)) return `the class ${name}`
  return `a function of ${length} argument${length === 1 ? '' : 's'}`
}

export function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value))
}

function article(word: string): string {
  return /^[aeiou]/i.test(word) ? 'an' : 'a'
}

const most = 8

function some(names: readonly string[]): string {
  return names.length > most ? `${names.slice(0, most).join(', ')}, …` : names.join(', ')
}
