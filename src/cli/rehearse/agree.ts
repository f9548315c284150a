import type { Context } from '../context.ts'

/** Asks a person on a terminal for yes or no. Leaving with Ctrl-C, and an interruption, mean no. */
export async function agree(
  message: string,
  { stdin, stdout }: Pick<Context, 'stdin' | 'stdout'>,
  signal: AbortSignal,
): Promise<boolean> {
  // Loaded only by those who are asked: it takes half a second.
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ input: stdin, output: stdout, signal })
  try {
    const { agreed } = await prompt([{ type: 'confirm', name: 'agreed', message, default: true }])
    return agreed === true
  } catch (error) {
    if (error instanceof Error && /^(?:Exit|Abort)PromptError$/.test(error.name)) return false
    throw error
  }
}
