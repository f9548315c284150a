import type { AccessEntry } from './entry.ts'
import { basicUser, first, pathOf, protocolOf, queryOf } from './read-atom.ts'

/** A variable as a CGI program would find it (RFC 3875, 4.1), which is what Gunicorn's `{name}e` reads. */
export function cgiVariable(entry: AccessEntry, name: string): string | undefined {
  const { request, client } = entry
  switch (name) {
    case 'REMOTE_ADDR':
      return client.address
    case 'REMOTE_PORT':
      return client.port?.toString()
    case 'REMOTE_USER':
      return basicUser(request.headers.authorization)
    case 'REQUEST_METHOD':
      return request.method
    case 'REQUEST_URI':
    case 'RAW_URI':
      return request.url
    case 'PATH_INFO':
      return pathOf(request.url)
    case 'QUERY_STRING':
      return queryOf(request.url)
    case 'SERVER_PROTOCOL':
      return protocolOf(request)
    case 'CONTENT_TYPE':
    case 'CONTENT_LENGTH':
      return first(request.headers[asHeader(name)])
    default:
      return name.startsWith('HTTP_') ? first(request.headers[asHeader(name.slice('HTTP_'.length))]) : undefined
  }
}

function asHeader(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}
