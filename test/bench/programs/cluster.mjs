// `cluster.mjs WORKERS`: what serve.mjs serves, in the processes of node:cluster.
import cluster from 'node:cluster'

if (cluster.isPrimary) {
  for (let count = Number(process.argv[2]); count > 0; count -= 1) cluster.fork()
} else await import('./serve.mjs')
