import { defineEventHandler, getQuery } from 'h3'

export default defineEventHandler((event) => {
  const { name, list } = getQuery(event)
  return { name, list }
})
