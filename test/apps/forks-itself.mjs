// Forks its own workers under plain node, as many applications do; tells what node:cluster says.
import cluster, { isPrimary } from 'node:cluster'
import { createServer } from 'node:http'

if (cluster.isPrimary) {
  for (let at = 0; at < 4; at += 1) cluster.fork()
} else {
  const { id } = cluster.worker
  createServer((request, response) => {
    response.end(JSON.stringify({ isPrimary, isWorker: cluster.isWorker, isMaster: cluster.isMaster, id }))
    if (request.url === '/leave') cluster.worker.disconnect()
  }).listen(3000)
}
