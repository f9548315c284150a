// Counts what V8 runs while it answers: functions called and blocks entered, by file, since it was last asked.
import { Session } from 'node:inspector'

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

export default function count(request, response) {
  if (request.url !== '/counts') return response.end('Hello, world!\n')
  session.post('Profiler.takePreciseCoverage', (error, told) => {
    if (error !== null) throw error
    response.end(JSON.stringify(told.result.filter(({ url }) => url.startsWith('file:')).map(summary)))
  })
}

function summary({ url, functions }) {
  return {
    url,
    calls: functions.map(({ ranges }) => ranges[0].count),
    blocks: functions.flatMap(({ ranges }) => ranges.map((range) => range.count)),
  }
}
