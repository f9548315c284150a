/** Who asked, how, and which process answers. */
export function describeVisit(request) {
  return {
    address: request.ip ?? null,
    protocol: request.protocol,
    host: request.get('host') ?? null,
    worker: process.pid,
  }
}
