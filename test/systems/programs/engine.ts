// Starts an engine of Docker with a network for containers, says the name of its bridge, and waits for its own end.
import { startEngine } from '../docker-engine.ts'

const { docker, bridge } = await startEngine()
await docker(['network', 'create', '--opt', `com.docker.network.bridge.name=${bridge}-site`, 'site'])
process.stdout.write(`${bridge}\n`)
process.stdin.resume()
