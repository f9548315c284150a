import { defineWebSocketHandler } from 'h3'

export default defineWebSocketHandler({
  open: (peer) => {
    for (const word of ['1', '2', '3']) peer.send(word)
  },
})
