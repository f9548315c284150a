// Nest as its users write it: TypeScript with decorators.
import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import {
  Controller,
  Get,
  Header,
  HttpCode,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  Param,
  Post,
  Put,
  Query,
  Redirect,
  Req,
  Res,
  Sse,
  StreamableFile,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Observable } from 'rxjs'
import { addSockets } from './sockets.mjs'
import { gate, large, left, life, measure, start, stop } from './state.mjs'

type Answer = ServerResponse & {
  status(code: number): Answer
  json(value: unknown): void
  cookie(...given: unknown[]): Answer
}

const leaves = (response: ServerResponse, route: 'events' | 'hang') => {
  response.on('close', () => {
    if (!response.writableFinished) left[route] += 1
  })
}

@Injectable()
class Pool implements OnModuleInit, OnApplicationShutdown {
  onModuleInit() {
    return start()
  }
  onApplicationShutdown() {
    return stop()
  }
}

@Controller()
class Routes {
  constructor(private readonly pool: Pool) {}

  @Get('health')
  @Header('content-type', 'text/plain')
  health() {
    return this.pool instanceof Pool ? 'ok' : 'nothing is injected'
  }

  @Post('echo')
  @HttpCode(200)
  post(@Req() request: IncomingMessage, @Res() response: Answer) {
    response.setHeader('content-type', request.headers['content-type'] ?? 'text/plain')
    response.setHeader('x-method', request.method ?? '')
    request.pipe(response)
  }

  @Put('echo')
  put(@Req() request: IncomingMessage, @Res() response: Answer) {
    this.post(request, response)
  }

  @Get('query')
  query(@Query('name') name: string, @Query('list') list: string[]) {
    return { name, list }
  }

  @Get('headers')
  headers(@Req() request: IncomingMessage, @Res() response: Answer) {
    response.cookie('a', '1').cookie('b', '2', { httpOnly: true }).setHeader('x-answer', 'given')
    response.json(request.headers)
  }

  @Get('status/301')
  @Redirect('/health', 301)
  redirect() {}

  @Get('status/:code')
  @Header('content-type', 'text/plain')
  status(@Param('code') code: string, @Res() response: Answer) {
    response.status(Number(code)).end(`status ${code}`)
  }

  @Get('stream')
  @Header('content-type', 'text/plain')
  @Header('x-accel-buffering', 'no')
  stream() {
    async function* firstAndLast() {
      yield Buffer.from('first\n')
      await gate.wait()
      yield Buffer.from('last\n')
    }
    return new StreamableFile(Readable.from(firstAndLast(), { objectMode: false }))
  }

  @Sse('events')
  events(@Res() response: Answer) {
    leaves(response, 'events')
    return new Observable((subscriber) => subscriber.next({ id: '1', data: 'hello' }))
  }

  @Get('large')
  largeBody() {
    return new StreamableFile(Readable.from(large()))
  }

  @Post('large')
  @HttpCode(200)
  measure(@Req() request: IncomingMessage) {
    return measure(request)
  }

  @Get('hold')
  async hold() {
    await gate.wait()
    return 'released'
  }

  @Post('release')
  @HttpCode(200)
  release() {
    return String(gate.open())
  }

  @Get('hang')
  hang(@Res() response: Answer) {
    leaves(response, 'hang')
  }

  @Get('left')
  left() {
    return left
  }

  @Get('fail')
  fail() {
    throw new Error('failed as told')
  }

  @Get('started')
  started() {
    return life
  }
}

@Module({ controllers: [Routes], providers: [Pool] })
class Application {}

export default async function bootstrap() {
  const app = await NestFactory.create(Application, { logger: false, bodyParser: false })
  addSockets(app.getHttpServer())
  return app
}
