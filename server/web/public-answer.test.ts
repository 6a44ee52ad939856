import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeForCaller } from './public-answer.ts'
import { FrontResponse } from './response.ts'

const page = Buffer.from(`<!doctype html><title>${'問い合わせ'.repeat(100)}</title>`)

function leave(headers: Readonly<Record<string, string>>, type = 'text/html; charset=utf-8', status = 200) {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers: { ...headers } })
  const response = new FrontResponse(request)
  response.statusCode = status
  response.setHeader('content-type', type)
  response.setHeader('vary', 'rsc, next-router-state-tree')
  const body = encodeForCaller(request, response, page)
  return { body, status: response.statusCode, headers: response.getHeaders() }
}

test('compresses a page for a caller that accepts it, and tells caches', () => {
  const br = leave({ 'accept-encoding': 'gzip, br' })
  expect(br.headers).toMatchObject({
    'content-encoding': 'br',
    vary: 'Accept-Encoding',
    'content-length': br.body.length,
  })
  expect(brotliDecompressSync(br.body)).toEqual(page)
  const gzip = leave({ 'accept-encoding': 'gzip, br;q=0' })
  expect(gzip.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(gzip.body)).toEqual(page)
  for (const refused of ['', 'identity', 'br;q=0, gzip;q=0.0']) {
    const plain = leave({ 'accept-encoding': refused })
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(plain.body).toEqual(page)
  }
})

test('gives each encoding its own entity tag', () => {
  const tags = ['', 'gzip', 'br'].map(encoding => leave({ 'accept-encoding': encoding }).headers.etag)
  expect(new Set(tags).size).toBe(3)
})

test('answers 304 without a body to a caller that has the page in any encoding', () => {
  const { etag } = leave({ 'accept-encoding': 'br' }).headers
  const again = leave({ 'if-none-match': `"other", ${etag}` })
  expect(again.status).toBe(304)
  expect(again.body).toHaveLength(0)
  expect(again.headers).not.toHaveProperty('content-type')
  expect(leave({ 'if-none-match': '"other"' }).status).toBe(200)
})

test('does not compress pictures, and gives errors no tag', () => {
  const picture = leave({ 'accept-encoding': 'br' }, 'image/png')
  expect(picture.body).toEqual(page)
  expect(picture.headers).not.toHaveProperty('vary')
  expect(leave({ 'accept-encoding': 'br' }, 'text/html', 404).headers).not.toHaveProperty('etag')
})
