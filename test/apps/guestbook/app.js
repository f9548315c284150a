import { createServer } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { openBook } from './book.js'
import { showClock } from './clock.js'
import { startEcho } from './echo.js'
import { explainFailure, explainMissing } from './failures.js'
import { bookPage } from './pages.js'
import { openPictures, readForm } from './pictures.js'
import { sameSiteOnly, setSafeHeaders } from './safety.js'
import { describeVisit } from './visit.js'

const here = import.meta.dirname
// systemd names the state directory of a service in STATE_DIRECTORY, and separates several by colons.
const home = process.env.STATE_DIRECTORY?.split(':')[0] || process.env.DATA_DIR || join(here, 'data')
const book = openBook(home)
const pictures = openPictures(join(home, 'pictures'))

const app = express()
app.disable('x-powered-by')

app.get('/healthz', async (_request, response) => {
  await book.read()
  response.type('text').set('Cache-Control', 'no-store').send('ok\n')
})

app.use(setSafeHeaders)
app.use('/static', express.static(join(here, 'static'), { maxAge: '1h', index: false }))
app.use(
  '/pictures',
  express.static(pictures.directory, {
    maxAge: '365d',
    immutable: true,
    index: false,
  }),
)

app.get('/', async (request, response) => {
  response.set('Cache-Control', 'no-store').send(bookPage({ visit: describeVisit(request), ...(await book.read()) }))
})

app.get('/whoami', (request, response) => {
  response.set('Cache-Control', 'no-store').json(describeVisit(request))
})

app.get('/clock', showClock)

app.post('/entries', sameSiteOnly, readForm, async (request, response) => {
  const { name = '', message = '' } = request.body ?? {}
  const complaint = book.complain(name, message) ?? pictures.complain(request.file)
  if (complaint !== undefined) {
    const page = bookPage({
      visit: describeVisit(request),
      ...(await book.read()),
      draft: { name, message, complaint },
    })
    return response.status(422).send(page)
  }
  const picture = await pictures.keep(request.file)
  const { id } = await book.write({ name, message, picture })
  response.redirect(303, `/#entry-${id}`)
})

app.use(explainMissing)
app.use(explainFailure)

const server = createServer(app)
startEcho(server, '/echo')
server.listen(process.env.PORT ?? 3000, () => {
  const address = server.address()
  if (address?.port) console.log(`The guestbook is open at http://localhost:${address.port}/`)
})
