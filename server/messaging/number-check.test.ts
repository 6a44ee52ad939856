import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { Hosts } from '../outbox/hosts.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { sendSms } from './sms.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'moved')
const secret = 'the secret of the number check in tests'

/** What the service received last, and its answer: a body with status 200, another status, or none yet. */
let asked: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = []
let answer: object | string | number | 'silence' = { swapped: false }
let held: ServerResponse[] = []

const service = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    asked.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
    if (answer === 'silence') return void held.push(response)
    response.statusCode = typeof answer === 'number' ? answer : 200
    response.end(typeof answer === 'object' ? JSON.stringify(answer) : String(answer))
  })
})

function configure(whenUnavailable: 'send' | 'withhold') {
  const { port } = service.address() as AddressInfo
  const numberCheck = { url: `http://127.0.0.1:${port}/check`, recentHours: 72, whenUnavailable }
  at.changeIssuer(issuer => ({ ...issuer, numberCheck }))
  at.configure({ NUMBER_CHECK_SECRET: secret })
}

beforeAll(async () => {
  await sms.start()
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
  service.closeAllConnections()
  await new Promise(resolve => service.close(resolve))
})
beforeEach(() => {
  at.toNextMorning()
  asked = []
  held = []
  answer = { swapped: false }
  configure('send')
})

async function pay() {
  const owner = await people.person()
  const window = await at.windowWithCode({ acctNumber: owner.acctNumber })
  return { owner, ...window }
}

describe('before a code goes out as a text message, the service', () => {
  test('is asked about the number, signed over time and body', async () => {
    const { owner } = await pay()
    expect(asked).toHaveLength(1)
    const [{ headers, body } = { headers: {}, body: '' }] = asked
    expect(JSON.parse(body)).toEqual({ id: expect.any(String), phoneNumber: owner.mobile, maxAge: 72 })
    const time = headers['x-signature-time']
    const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    expect(headers['x-signature']).toBe(`v1=${expected}`)
    expect(people.textsTo(owner.mobile)).toHaveLength(1)
  })

  test('keeps it from a number that was moved recently; the e-mail’s code is still accepted', async () => {
    answer = { swapped: true }
    const { owner, windowKey, code, acsTransID } = await pay()
    expect(people.textsTo(owner.mobile)).toEqual([])
    expect(await showWindow(windowKey)).toMatchObject({
      destinations: [
        { channel: 'email', state: 'handed-over' },
        { channel: 'sms', state: 'failed' },
      ],
    })
    await submitAnswer(windowKey, code)
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'authenticated' })
  })

  test('is not asked about a notice, which carries no code', async () => {
    const owner = await people.person()
    await people.change(await people.strong(owner), 'email')
    expect(people.textsTo(owner.mobile).length).toBeGreaterThan(0)
    expect(asked).toEqual([])
  })
})

describe.each([
  ['an error', 503],
  ['nonsense', '<html>'],
  ['an answer without the fact', { changed: true }],
  ['no answer within its time', 'silence'],
] as const)('a service that gives %s', (_what, given) => {
  test('does not keep codes from cardholders, unless the issuer says so', async () => {
    answer = given
    expect(people.textsTo((await pay()).owner.mobile)).toHaveLength(1)
    expect(at.log.join('')).toContain('number-check.unavailable')
    configure('withhold')
    const { owner, windowKey } = await pay()
    expect(people.textsTo(owner.mobile)).toEqual([])
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking' })
  })
})

describe('a service that has as many questions as it may have at once', () => {
  const content = { kind: 'code', words: 'confirm', code: '012345', lifetime: 60_000 } as const
  const send = (hosts: Hosts) => sendSms({ to: '+819012345678', language: 'ja', content }, randomUUID(), hosts)

  test.each(['send', 'withhold'] as const)('is busy and not down: the code waits (%s)', async whenUnavailable => {
    configure(whenUnavailable)
    answer = 'silence'
    const hosts = new Hosts()
    const { numberCheck: slots } = policy.slotsPerHost
    const waiting = Array.from({ length: slots }, () => send(hosts))
    await vi.waitUntil(() => held.length === slots)
    expect(await send(hosts)).toEqual({ kind: 'later', why: 'number-check-busy' })
    for (const response of held) response.end(JSON.stringify({ swapped: false }))
    for (const sent of await Promise.all(waiting)) expect(sent.kind).toBe('handed-over')
  })
})
