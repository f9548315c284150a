/** What of a site depends on the program that starts the server: where it logs, and what limits its memory. */
export const supervisors = {
  systemd: { title: 'systemd', logs: 'journal', memory: '80%' },
  supervisord: { title: 'supervisord', logs: 'files', memory: 'off' },
  docker: { title: 'Docker', logs: 'journal', memory: 'off' },
} as const

export type SupervisorName = keyof typeof supervisors

export const supervisorNames = Object.keys(supervisors) as readonly SupervisorName[]
