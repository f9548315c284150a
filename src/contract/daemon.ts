/** Set by the process that starts a daemon for the daemon: the descriptor of their channel. No setting, and no application sees it. */
export const daemonVariable = 'TSICORN_DAEMON_CHANNEL'

/** What the daemon tells whoever started it, one JSON object a line. */
export type DaemonWord =
  | { readonly type: 'ready' }
  /** How it is; the last of these before it ends says why. */
  | { readonly type: 'status'; readonly status: string }
