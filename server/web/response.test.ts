import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { FrontResponse } from './response.ts'

let server: Server<typeof IncomingMessage, typeof FrontResponse> | undefined
afterEach(() => {
  server?.close()
})

/** Requests an answer that `answer` writes, from a real server. */
async function ask(answer: (response: FrontResponse) => void, method = 'GET'): Promise<Response> {
  server = createServer({ ServerResponse: FrontResponse }, (_, response) => answer(response))
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return fetch(`http://localhost:${(server.address() as AddressInfo).port}/`, { method })
}

const shout = (body: Buffer) => Buffer.from(body.toString('utf8').toUpperCase())

test('passes an answer written in parts to finish as a whole', async () => {
  const answer = await ask(response => {
    response.hold(shout)
    response.writeHead(201, { 'x-of': 'next' })
    response.flushHeaders()
    response.write('on', () => response.write(Buffer.from('e ')))
    response.end('two')
  })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('x-of')).toBe('next')
  expect(await answer.text()).toBe('ONE TWO')
})

test('lets finish change status and headers that were already written', async () => {
  const answer = await ask(response => {
    response.hold(() => {
      response.statusCode = 410
      response.setHeader('x-of', 'us')
      response.removeHeader('content-type')
      return Buffer.alloc(0)
    })
    response.writeHead(409, 'Conflict', { 'content-type': 'text/plain', 'x-of': 'next' })
    response.end('stale')
  })
  expect([answer.status, answer.statusText]).toEqual([410, 'Gone'])
  expect([answer.headers.get('x-of'), answer.headers.get('content-type')]).toEqual(['us', null])
})

test('keeps a fixed header, however it is set later', async () => {
  const answer = await ask(response => {
    response.fixHeader('cache-control', 'no-store')
    response.hold(body => body)
    response.setHeader('Cache-Control', 'public')
    response.writeHead(200, { 'cache-control': 's-maxage=1' })
    response.end()
  })
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('calls back once the answer has been sent', async () => {
  const left = new Promise<string>(resolve => {
    void ask(response => {
      response.hold(body => body)
      response.end('x', () => resolve('called'))
    })
  })
  expect(await left).toBe('called')
})

test('sends an answer that is not held as Node.js does', async () => {
  const answer = await ask(response => {
    response.writeHead(200, { 'x-of': 'us' })
    response.write('a')
    response.end('b')
  })
  expect([answer.headers.get('x-of'), await answer.text()]).toEqual(['us', 'ab'])
})

test('omits the body of a HEAD answer, but not its length', async () => {
  const answer = await ask(response => {
    response.hold(body => {
      response.setHeader('content-length', body.length)
      return body
    })
    response.end('four')
  }, 'HEAD')
  expect(answer.headers.get('content-length')).toBe('4')
  expect(await answer.text()).toBe('')
})
