export const greeting: string = 'hello from typescript'
