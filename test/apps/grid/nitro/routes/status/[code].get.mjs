import { defineEventHandler, getRouterParam, sendRedirect, setHeader, setResponseStatus } from 'h3'

export default defineEventHandler((event) => {
  const code = Number(getRouterParam(event, 'code'))
  if (code === 301) return sendRedirect(event, '/health', 301)
  setResponseStatus(event, code)
  setHeader(event, 'content-type', 'text/plain')
  return code === 204 || code === 304 ? null : `status ${code}`
})
