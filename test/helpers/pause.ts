/** A client's own pause between two deeds, in milliseconds: its pace, not something a test waits for. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
