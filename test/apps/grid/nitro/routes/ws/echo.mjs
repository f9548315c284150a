import { defineWebSocketHandler } from 'h3'

// Text and bytes come alike here; what is no UTF-8 was not text.
export default defineWebSocketHandler({
  message: (peer, message) => {
    const text = message.text()
    peer.send(text.includes('\uFFFD') ? message.uint8Array() : text)
  },
})
