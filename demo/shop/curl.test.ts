import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlOf } from './curl.ts'
import type { Message, MessageName, Order } from './order.ts'

const areq = {
  messageType: 'AReq',
  messageVersion: '2.3.1',
  dsTransID: 'ds-id',
  acctNumber: '378282•••••0005',
  merchantName: 'O\'Brien "& Sons" $(id) `id` \\ 名',
  dsURL: 'http://localhost:3003/ds/rreq',
  notificationURL: 'http://shop.localhost:3001/orders/1/return',
}
const ares = { messageType: 'ARes', messageVersion: '2.3.1', acsURL: 'http://localhost:3000/acs/challenge' }
const rreq = { messageType: 'RReq', messageVersion: '2.3.1', acsTransID: 'acs-id' }
const bodies = { AReq: areq, ARes: ares, CReq: { a: 1 }, CRes: { b: 2 }, RReq: rreq, RRes: { c: 3 } }
const order = {
  threeDSSessionData: "it's\r\n{data}",
  passed: Object.entries(bodies).map(([message, body]) => ({ at: '', message: message as MessageName, body })),
} as Partial<Order> as Order

/** The arguments that a shell gives to curl. */
function argumentsOf(message: MessageName, body: Message = bodies[message as keyof typeof bodies]): string[] {
  const command = curlOf(order, { at: '', message, body }, 'http://localhost:3080/acs/areq')
  const printed = execFileSync('sh', ['-c', command.replace(/^curl/, `printf '%s\\0'`)], {
    encoding: 'utf8',
    env: { ...process.env, CARD: '378282246310005' },
  })
  return printed.split('\0').slice(0, -1)
}

const encoded = (message: object) => Buffer.from(JSON.stringify(message)).toString('base64url')
const session = `threeDSSessionData=${order.threeDSSessionData}`

test('sends an AReq again, whole, whatever a shell could read into it', () => {
  for (const message of ['AReq', 'ARes'] as const) {
    const args = argumentsOf(message)
    expect(args).toContain('X-Request-ID: ds-id')
    expect(args.at(-1)).toBe('http://localhost:3080/acs/areq')
    expect(JSON.parse(args[args.indexOf('-d') + 1] ?? '')).toEqual({ ...areq, acctNumber: '378282246310005' })
  }
})

test('posts CReq, CRes and an Erro about a CReq as the forms of a browser', () => {
  expect(argumentsOf('CReq').slice(-4)).toEqual([`creq=${encoded({ a: 1 })}`, '--data-urlencode', session, ares.acsURL])
  expect(argumentsOf('CRes').slice(-4)).toEqual([
    `cres=${encoded({ b: 2 })}`,
    '--data-urlencode',
    session,
    areq.notificationURL,
  ])
  const erro = { messageType: 'Erro', errorMessageType: 'CReq' }
  expect(argumentsOf('Erro', erro)).toContain(`erro=${encoded(erro)}`)
})

test('sends an RReq, and an Erro about another message, to the directory server', () => {
  for (const message of ['RReq', 'RRes'] as const) {
    const args = argumentsOf(message)
    expect([args.at(-1), args.includes('X-Request-ID: acs-id')]).toEqual([areq.dsURL, true])
    expect(JSON.parse(args[args.indexOf('-d') + 1] ?? '')).toEqual(rreq)
  }
  expect(argumentsOf('Erro', { messageType: 'Erro', errorMessageType: 'RRes' }).at(-1)).toBe(areq.dsURL)
})
