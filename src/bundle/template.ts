import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import type { Carried } from './quote.ts'

/** What a template may be given: quoted texts, yes or no, and lists of either. Nothing is left for the template to decide. */
export type View = { readonly [name: string]: Blank }
type Blank = Carried | boolean | readonly Carried[] | readonly View[]

// The same place from src/ and from dist/.
const directory = new URL('../../templates/', import.meta.url)

// noEscape: what is escaped for HTML is broken in every other format. strict: a blank without a value is an error.
const options = { noEscape: true, strict: true, knownHelpersOnly: true } as const

type Template = { readonly program: hbs.AST.Program; readonly render: (view: View) => string }

const templates = new Map<string, Template>()

/** Fills a template, named by its path in templates/. A name that only one of template and view has is an error. */
export function fill(template: string, view: View): string {
  try {
    const { program, render } = load(template)
    checkNames(program, view)
    return render(view)
  } catch (error) {
    throw new Error(`template ${template}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

function load(template: string): Template {
  const known = templates.get(template)
  if (known !== undefined) return known
  const path = fileURLToPath(new URL(template, directory))
  const program = Handlebars.parse(readFileSync(path, 'utf8'))
  const loaded = { program, render: Handlebars.compile<View>(program, options) }
  templates.set(template, loaded)
  return loaded
}

// Handlebars' strict mode says nothing about {{#if name}} and {{#each name}} with a name nobody knows.
function checkNames(program: hbs.AST.Program, view: View): void {
  const used = new Set<string>()
  collectNames(program, view, used)
  for (const name of Object.keys(view)) if (!used.has(name)) throw new Error(`nothing uses ${name}`)
}

function collectNames(program: hbs.AST.Program, view: View, used: Set<string>): void {
  for (const statement of program.body) {
    if (statement.type === 'ContentStatement' || statement.type === 'CommentStatement') continue
    if (statement.type === 'MustacheStatement') lookUp((statement as hbs.AST.MustacheStatement).path, view, used)
    else if (statement.type === 'BlockStatement') collectBlock(statement as hbs.AST.BlockStatement, view, used)
    else throw new Error(`a ${statement.type} is not a blank`)
  }
}

function collectBlock(block: hbs.AST.BlockStatement, view: View, used: Set<string>): void {
  const helper = (block.path as hbs.AST.PathExpression).original
  const value = lookUp(block.params[0], view, used)
  if (helper === 'each' && Array.isArray(value)) {
    for (const item of value as readonly (Carried | View)[])
      checkNames(block.program, typeof item === 'string' ? { this: item } : item)
    return
  }
  if (helper !== 'if' || typeof value === 'object') throw new Error(`{{#${helper}}} does not fit its value`)
  collectNames(block.program, view, used)
  if (block.inverse) collectNames(block.inverse, view, used)
}

function lookUp(expression: hbs.AST.Expression | undefined, view: View, used: Set<string>): Blank {
  const name = String((expression as hbs.AST.PathExpression | undefined)?.original)
  const value = view[name]
  if (value === undefined) throw new Error(`nothing is called ${name}`)
  used.add(name)
  return value
}
