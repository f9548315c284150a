export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { start, stop } = await import('./state.mjs')
  await start()
  process.on('SIGTERM', () => stop().then(() => process.exit()))
}
