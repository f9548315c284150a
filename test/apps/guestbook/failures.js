import { failurePage } from './pages.js'

const words = {
  400: 'We could not understand that.',
  403: 'That form came from another site, so we did not take it.',
  404: 'There is no such page in this book.',
  413: 'That is more than we can take: a picture may have two megabytes.',
}

export function explainMissing(_request, response) {
  response.status(404).send(failurePage(404, words[404]))
}

/** Turns what went wrong into a page. The details go to the log, never to the visitor. */
export function explainFailure(error, _request, response, next) {
  if (response.headersSent) return next(error)
  const status = statusOf(error)
  if (status >= 500) console.error(error)
  response
    .status(status)
    .send(failurePage(status, words[status] ?? 'Something went wrong on our side. Please try again.'))
}

function statusOf(error) {
  if (error.code === 'LIMIT_FILE_SIZE' || error.code === 'LIMIT_FIELD_VALUE') return 413
  if (error.name === 'MulterError') return 400
  return error.status >= 400 && error.status < 500 ? (words[error.status] ? error.status : 400) : 500
}
