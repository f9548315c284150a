const find = (id) => document.getElementById(id)

// Times are shown as they are where the reader is.
const local = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'long',
  timeStyle: 'short',
})
for (const time of document.querySelectorAll('time')) time.textContent = local.format(new Date(time.dateTime))

if (find('clock')) {
  showClock()
  offerEcho()
  offerAskingAgain()
}

function showClock() {
  const events = new EventSource('/clock')
  events.addEventListener('tick', ({ data }) => {
    find('clock').textContent = new Date(JSON.parse(data).now).toLocaleTimeString('en-GB')
    find('clock-note').textContent = 'An event stream, one tick a second.'
  })
  events.addEventListener('error', () => {
    find('clock-note').textContent = 'The clock has stopped; trying to wind it up again.'
  })
}

function offerEcho() {
  const form = find('echo')
  let socket
  const connect = () => {
    socket = new WebSocket(new URL('/echo', location.href.replace(/^http/, 'ws')))
    socket.addEventListener('message', ({ data }) => {
      find('echoed').textContent = `\u201c${data}\u201d`
    })
    socket.addEventListener('error', () => {
      find('echoed').textContent = 'No answer. Call again in a moment.'
    })
  }
  const call = () => {
    const words = new FormData(form).get('words')
    if (socket?.readyState === WebSocket.OPEN) return socket.send(words)
    connect()
    socket.addEventListener('open', () => socket.send(words))
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    call()
  })
  call()
}

function offerAskingAgain() {
  const button = find('ask-again')
  button.hidden = false
  button.addEventListener('click', async () => {
    try {
      const visit = await (await fetch('/whoami')).json()
      for (const place of document.querySelectorAll('[data-visit]')) place.textContent = visit[place.dataset.visit]
    } catch {
      button.textContent = 'No answer. Ask again'
    }
  })
}
