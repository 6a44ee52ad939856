import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { beforeEach, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { narrow } from './narrow.ts'

// What part of a request reaches Next.js.

const put = (name: string, value: unknown) => Object.assign(globalThis, { [Symbol.for(`safekey.${name}`)]: value })
beforeEach(() => put('config', { proxies: 1 }))

function request(url: string, headers: Readonly<Record<string, string>>): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { url, method: 'GET', headers: { ...headers } })
}

function namesAfter(url: string, headers: Readonly<Record<string, string>>): string[] {
  const given = request(url, headers)
  narrow(given, false)
  return Object.keys(given.headers).sort()
}

const sent = {
  host: 'acs.example',
  cookie: 'a=b',
  'user-agent': 'browser',
  'accept-language': 'ja',
  'content-type': 'multipart/form-data; boundary=x',
}
const reaches = [...Object.keys(sent), 'x-client-address'].sort()

test('passes on listed headers only, whatever others are sent', () => {
  const anyName = fc
    .stringMatching(/^(?:x-|next-|sec-)?[a-z-]{1,30}$/)
    .filter(name => !(name in sent) && name !== 'next-action')
  const listed = ['accept-encoding', 'content-length', 'if-none-match', 'origin']
  fc.assert(
    fc.property(
      fc.constantFrom('/ja', '/ja/account', '/acs/challenge/x', '/api/auth/session'),
      anyName,
      (url, name) => {
        const more = listed.includes(name) ? [name] : []
        expect(namesAfter(url, { ...sent, [name]: '1' })).toEqual(
          [...reaches, ...more, ...(name === 'rsc' && /account|api/.test(url) ? ['rsc'] : [])].sort(),
        )
      },
    ),
  )
})

test('passes on headers of the account’s scripts to its pages only, and only in one form', () => {
  const both = { rsc: '1', 'next-action': '40a1' }
  expect(namesAfter('/ja/account', { ...sent, ...both })).toEqual([...reaches, 'next-action', 'rsc'].sort())
  for (const url of ['/ja', '/acs/challenge/x']) expect(namesAfter(url, { ...sent, ...both })).toEqual(reaches)
  for (const odd of [{ rsc: '1, 1' }, { rsc: '' }, { 'next-action': '../x' }, { 'next-router-state-tree': '%' }])
    expect(namesAfter('/ja/account', { ...sent, ...odd })).toEqual(reaches)
})

test('takes the caller’s network from our proxy, not from the request’s own claims', () => {
  const given = request('/ja/account', { 'x-client-address': '1.1.1.1', 'x-forwarded-for': '2.2.2.2, 192.0.2.7' })
  narrow(given, false)
  expect(given.headers).toEqual({ 'x-client-address': '192.0.2.7' })
})

test('passes on how the browser opens a window, in our own words and for the CReq only', () => {
  const openedAs = (url: string, destination: string) => {
    const given = request(url, { 'sec-fetch-dest': destination, 'x-window-opened-as': 'page' })
    narrow(given, false)
    expect(given.headers).not.toHaveProperty('sec-fetch-dest')
    return given.headers['x-window-opened-as']
  }
  expect(openedAs('/acs/challenge', 'document')).toBe('page')
  for (const destination of ['iframe', 'frame']) expect(openedAs('/acs/challenge', destination)).toBe('frame')
  expect(openedAs('/acs/challenge', 'empty')).toBeUndefined()
  expect(openedAs('/acs/challenge/x', 'document')).toBeUndefined()
})

test('in development passes on more for the framework’s tools, but not the caller’s claim of its network', () => {
  const given = request('/_next/hmr?id=1', {
    'next-url': '/',
    'x-window-nonce': 'x',
    'x-forwarded-host': 'evil.example',
  })
  narrow(given, true)
  expect(Object.keys(given.headers).sort()).toEqual(['next-url', 'x-client-address'])
  expect(given.url).toBe('/_next/hmr?id=1')
})
