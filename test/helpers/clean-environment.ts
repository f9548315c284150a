const inherited =
  /^(TSICORN_|npm_|LISTEN_|NODE_|PORT$|WEB_CONCURRENCY$|FORWARDED_ALLOW_IPS$|NOTIFY_SOCKET$|WATCHDOG_|FORCE_COLOR$|NO_COLOR$)/

/** The environment of this process without whatever tsicorn or Node.js would take as a setting, and with what is given. */
export function cleanEnvironment(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !inherited.test(entry[0]),
  )
  return { ...Object.fromEntries(kept), ...given }
}
