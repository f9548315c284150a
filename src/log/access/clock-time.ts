const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const two = (value: number): string => String(value).padStart(2, '0')

/** `[20/Nov/2026:15:26:41 +0000]`, in local time, as the Common Log Format has it. */
export function logTime(at: number): string {
  const date = new Date(at)
  const day = `${two(date.getDate())}/${months[date.getMonth()]}/${date.getFullYear()}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const offset = -date.getTimezoneOffset()
  const hours = two(Math.floor(Math.abs(offset) / 60))
  return `[${day}:${time} ${offset < 0 ? '-' : '+'}${hours}${two(Math.abs(offset) % 60)}]`
}

/** The same for the many requests of one second. */
export function rememberSecond(format: (at: number) => string): (at: number) => string {
  let second = Number.NaN
  let text = ''
  return (at) => {
    const now = Math.floor(at / 1000)
    if (now !== second) {
      second = now
      text = format(at)
    }
    return text
  }
}
