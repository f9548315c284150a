import { eventChapters } from '../../contract/events.ts'

const head = `# What the error log says: the events

Each record of the error log has one of these names as its \`event\`, in JSON lines and in the structured data of syslog; in
lines for people it is left out. Programs may search for names and for the fields of records: they stay. The words of
messages may change. Every record has \`level\`, \`time\`, \`pid\`, \`event\` and \`msg\`, those of a worker process also \`worker\`.
`

/** The page \`events\` of the documentation, as Markdown. */
export function composeEventsPage(): string {
  const chapters = eventChapters.map(([title, events]) => {
    const rows = Object.entries(events).map(([name, { levels, means, act }]) => {
      const todo = act === null ? '' : ` *${act}*`
      return `- \`${name}\` (${levels.join(' or ')}): ${means}${todo}\n`
    })
    return `\n## ${title}\n\n${rows.join('')}`
  })
  return `${head}${chapters.join('')}`
}
