import { defineEventHandler, getHeaders, setCookie, setHeader } from 'h3'

export default defineEventHandler((event) => {
  setHeader(event, 'x-answer', 'given')
  setCookie(event, 'a', '1', { path: '/' })
  setCookie(event, 'b', '2', { path: '/', httpOnly: true })
  return getHeaders(event)
})
