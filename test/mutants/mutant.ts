/** A deliberate fault, and who has to see it. */
export type Mutant = {
  /** The fault in words. */
  readonly fault: string
  readonly file: string
  /** What is replaced, once, by what. */
  readonly from: string
  readonly to: string
  /** The test file that has to fail, and the test in it. */
  readonly test: string
  readonly name: RegExp
}
