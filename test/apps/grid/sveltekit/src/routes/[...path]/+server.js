import { answer } from '../../../web-routes.mjs'

export const fallback = ({ request }) => answer(request)
