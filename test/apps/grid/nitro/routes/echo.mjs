import { defineEventHandler, getHeader, getRequestWebStream, setHeader } from 'h3'

export default defineEventHandler((event) => {
  setHeader(event, 'content-type', getHeader(event, 'content-type') ?? 'text/plain')
  setHeader(event, 'x-method', event.method)
  return getRequestWebStream(event)
})
