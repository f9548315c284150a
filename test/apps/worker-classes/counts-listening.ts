import type { WorkerClass } from '../../../src/index.ts'

/** Serves as the class async does, and has every answer tell how often the master has said where to accept. */
const countsListening: WorkerClass = {
  name: 'counts listening',
  create: ({ front, server, log }) => {
    const unit = front()
    let told = 0
    server.prependListener('request', (_request, response) => response.setHeader('x-told', String(told)))
    log.info({ event: 'counts-listening.made' }, 'a class of our own serves')
    return {
      ...unit,
      listenOn: (indices) => {
        told += 1
        return unit.listenOn(indices)
      },
    }
  },
}

export default countsListening
