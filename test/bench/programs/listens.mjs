// The application of SERVE_APP in a server of its own, which listens where its caretaker has it listen.
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'

const { SERVE_APP = '', PORT = '0' } = process.env
const { default: app } = await import(pathToFileURL(SERVE_APP))
createServer({ keepAliveTimeout: 75_000 }, app).listen(Number(PORT), '127.0.0.1')
