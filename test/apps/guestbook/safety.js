const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Tells the browser to run nothing that is not ours. */
export function setSafeHeaders(_request, response, next) {
  response.set({
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  })
  next()
}

/** Refuses a form that another site sends in the visitor's name. */
export function sameSiteOnly(request, _response, next) {
  const site = request.get('sec-fetch-site')
  const isOurs = site === undefined ? hasOurOrigin(request) : site === 'same-origin' || site === 'none'
  next(
    isOurs
      ? undefined
      : Object.assign(new Error('the form came from another site'), {
          status: 403,
        }),
  )
}

// A proxy may pass the name on without the port, so the names are compared. Programs send no Origin at all.
function hasOurOrigin(request) {
  const origin = request.get('origin')
  return origin === undefined || (URL.canParse(origin) && new URL(origin).hostname === request.hostname)
}
