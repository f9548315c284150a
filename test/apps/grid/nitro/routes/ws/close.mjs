import { defineWebSocketHandler } from 'h3'

export default defineWebSocketHandler({ message: (peer) => peer.close(4001, 'as told') })
