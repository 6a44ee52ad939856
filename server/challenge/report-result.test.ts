import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { DirectoryServerDouble, drops, type Reaction, receipt } from '../testing/directory-server.ts'
import { reportResult } from './report-result.ts'
import { cancelChallenge, submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
beforeEach(() => {
  at.advance(3600)
  at.directoryServer.react = receipt()
})

const bodiesOf = (acsTransID: string) =>
  at.directoryServer.rreqs.filter(({ message }) => message.acsTransID === acsTransID).map(({ body }) => body)
const delivered = async (acsTransID: string) => (await at.outbox(acsTransID, 'rreq'))[0]?.handed_over_at !== null
const answers =
  (status: number, body: string | object, headers: Record<string, string> = {}): Reaction =>
  (_rreq, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const erroOf = (acsTransID: string) => at.directoryServer.erros.filter(erro => erro.acsTransID === acsTransID)
/** A challenge that the cardholder has passed. */
const passed = async (version: MessageVersion) => {
  const { windowKey, code, acsTransID } = await at.windowWithCode({}, version)
  expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
  return { windowKey, acsTransID }
}

test('[Req 128] delivers a result before the window says that the challenge has ended', async () => {
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  await submitAnswer(windowKey, code)
  expect(bodiesOf(acsTransID)).toHaveLength(1)
  expect(await delivered(acsTransID)).toBe(true)
  await at.deliver()
  await reportResult(acsTransID)
  expect(bodiesOf(acsTransID)).toHaveLength(1)
})

test('[Req 138] returns a cardholder who submits again to the merchant only once the result has arrived; a page read before that has no way back', async () => {
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  let answer = () => {}
  at.directoryServer.react = (rreq, response) => {
    answer = () => receipt()(rreq, response)
  }
  const back: string[] = []
  const first = submitAnswer(windowKey, code)
  await until(() => bodiesOf(acsTransID).length === 1)
  const second = submitAnswer(windowKey, code).then(() => back.push('submitted'))
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', post: undefined })
  expect(back).toEqual([])
  answer()
  await Promise.all([first, second])
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', post: { fields: { cres: expect.any(String) } } })
  expect(bodiesOf(acsTransID)).toHaveLength(1)
})

describe('a directory server that cannot be reached', () => {
  beforeEach(() => at.directoryServer.stop())
  afterEach(async () => {
    await at.directoryServer.start()
    at.advance(policy.resultRetryPause / 1000)
    await at.deliver()
  })
  const resultOf = async (acsTransID: string) => JSON.parse(String((await at.outbox(acsTransID, 'rreq'))[0]?.body))
  const statusOfCRes = async (windowKey: string) => {
    const window = await showWindow(windowKey)
    const cres = window.kind === 'ended' ? (window.post?.fields.cres ?? '') : ''
    return JSON.parse(Buffer.from(cres, 'base64url').toString()).transStatus
  }

  test('[Req 240] makes a 2.3.1 result U in one transaction after the second failure, and the CRes N', async () => {
    const { windowKey, acsTransID } = await passed('2.3.1')
    expect(await resultOf(acsTransID)).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
    expect(await resultOf(acsTransID)).not.toHaveProperty('authenticationValue')
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'ended', outcome: 'result-undelivered' })
    expect(await statusOfCRes(windowKey)).toBe('N')
    const events =
      await at.sql`select type, fields from audit_events where ref = ${await at.idOf(acsTransID)} order by id desc limit 2`
    expect(events.map(({ type }) => type)).toEqual(['result-undelivered', 'challenge-ended'])
  })

  test('[Req 240] is tried every ten seconds until it is reached, with the same bytes', async () => {
    const { acsTransID } = await passed('2.3.1')
    const [fixed] = await at.outbox(acsTransID, 'rreq')
    for (let tries = 1; tries <= 4; tries++) {
      expect(await at.outbox(acsTransID, 'rreq')).toMatchObject([{ tries, body: fixed?.body, failed_at: null }])
      // The clock goes on while this runs: half of the pause is enough for a busy machine.
      at.advance(policy.resultRetryPause / 2000)
      await at.deliver()
      expect(await at.outbox(acsTransID, 'rreq')).toMatchObject([{ tries }])
      at.advance(policy.resultRetryPause / 2000)
      await at.deliver()
    }
    await at.directoryServer.start()
    at.advance(policy.resultRetryPause / 1000)
    await at.deliver()
    expect(bodiesOf(acsTransID)).toEqual([fixed?.body])
    expect(await delivered(acsTransID)).toBe(true)
    await at.directoryServer.stop()
  })

  test('leaves a failure as its reason for the cardholder, while the directory server gets U', async () => {
    const { windowKey, acsTransID } = await at.window({}, '2.3.1')
    await cancelChallenge(windowKey)
    expect(await resultOf(acsTransID)).toMatchObject({ transStatus: 'U', challengeCancel: '01' })
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'cancelled' })
    expect(await statusOfCRes(windowKey)).toBe('N')
  })

  test.each(['2.1.0', '2.2.0'] as const)('gets an unchanged result in %s', async version => {
    const { windowKey, acsTransID } = await passed(version)
    expect(await resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationValue: expect.any(String) })
    expect(await statusOfCRes(windowKey)).toBe('Y')
  })

  test('gets an unchanged 2.3.1 result where the issuer’s file says so', async () => {
    at.changeIssuer(({ directoryServers: [first, second], ...rest }) => ({
      ...rest,
      directoryServers: [{ ...first, keepsUndeliveredResult: true }, second],
    }))
    at.configure({})
    const { windowKey, acsTransID } = await passed('2.3.1')
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
    expect(await resultOf(acsTransID)).toMatchObject({ transStatus: 'Y' })
    expect(await statusOfCRes(windowKey)).toBe('Y')
    // So that what is left of this test keeps it, too.
    await at.sql`delete from outbox where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID})`
  })
})

describe('sends a result once if the directory server was reached, whatever it does', () => {
  const reactions: readonly (readonly [string, Reaction, string])[] = [
    ['hangs up', drops, '402'],
    ['answers nothing', answers(200, ''), '101'],
    ['answers garbage', answers(200, '<html>Bad gateway</html>'), '101'],
    ['answers with an error of its server', answers(500, '{}'), '101'],
    [
      'answers with an RRes and the wrong status code',
      (rreq, response) => {
        response.statusCode = 502
        receipt()(rreq, response)
      },
      '101',
    ],
    ['answers for another transaction', receipt({ acsTransID: crypto.randomUUID() }), '301'],
    ['answers in another version', receipt({ messageVersion: '2.1.0' }), '203'],
    ['answers without its status', receipt({ resultsStatus: undefined }), '201'],
    ['never stops answering', answers(200, `{"x":"${'x'.repeat(1_000_000)}"}`), '101'],
  ]
  test.each(reactions)('it %s: it gets one Erro', async (_what, reaction, errorCode) => {
    at.directoryServer.react = reaction
    const { windowKey, acsTransID } = await at.window({}, '2.3.1')
    expect(await cancelChallenge(windowKey)).toEqual({ kind: 'ended' })
    at.directoryServer.react = receipt()
    for (const seconds of [0, 10, 3600]) {
      at.advance(seconds)
      await at.deliver()
    }
    expect(bodiesOf(acsTransID)).toHaveLength(1)
    expect(await at.outbox(acsTransID, 'rreq')).toMatchObject([{ handed_over_at: null, failed_at: expect.anything() }])
    expect(erroOf(acsTransID)).toMatchObject([{ messageType: 'Erro', errorCode, errorComponent: 'A' }])
    // EMV 3DS table A.29 has these headers for no Erro.
    expect(at.directoryServer.erroHeaders).not.toHaveProperty('x-request-id')
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', post: { fields: { cres: expect.any(String) } } })
  })

  test('it redirects: that is not followed', async () => {
    const elsewhere = new DirectoryServerDouble()
    await elsewhere.start()
    at.directoryServer.react = answers(307, '', { location: elsewhere.url })
    const { windowKey, acsTransID } = await at.window()
    await cancelChallenge(windowKey)
    await elsewhere.stop()
    expect([elsewhere.rreqs.length, await delivered(acsTransID)]).toEqual([0, false])
  })

  test('[Req 241, 242] it stays silent: the cardholder waits five seconds, and it gets Erro 402', async () => {
    at.directoryServer.react = () => {}
    const { windowKey, acsTransID } = await at.window()
    expect(await cancelChallenge(windowKey)).toEqual({ kind: 'ended' })
    at.directoryServer.react = receipt()
    at.advance(3600)
    await at.deliver()
    expect(bodiesOf(acsTransID)).toHaveLength(1)
    expect(erroOf(acsTransID)).toMatchObject([{ errorCode: '402' }])
  })
})

test('sends a result from one process at a time', async () => {
  const { windowKey, acsTransID } = await at.window()
  let answer = () => {}
  at.directoryServer.react = (rreq, response) => {
    const reply = () => receipt()(rreq, response)
    if (rreq.message.acsTransID === acsTransID) answer = reply
    else reply()
  }
  const first = cancelChallenge(windowKey)
  await until(() => bodiesOf(acsTransID).length === 1)
  at.advance(policy.resultHeadStart / 1000)
  await Promise.all([at.deliver(), at.deliver(), at.deliver()])
  answer()
  await first
  expect(bodiesOf(acsTransID)).toHaveLength(1)
  expect(await delivered(acsTransID)).toBe(true)
})

test('sends the same bytes again, from another process, when the lease of one that died has expired', async () => {
  const { windowKey, acsTransID } = await at.window()
  await cancelChallenge(windowKey)
  // As if the process had died before it saved the answer.
  const held = Date.parse(String((await at.challenge(acsTransID)).ended_at)) + 10_000
  await at.sql`update outbox set handed_over_at = null, leased_until = ${held} where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID})`
  const duplicate = { messageType: 'Erro', messageVersion: '2.2.0', errorCode: '312', errorComponent: 'D' }
  at.directoryServer.react = answers(200, duplicate)
  await at.deliver()
  expect(await delivered(acsTransID)).toBe(false)
  at.advance(11)
  await at.deliver()
  const [first, ...again] = bodiesOf(acsTransID)
  expect(again).toEqual([first])
  expect([await delivered(acsTransID), erroOf(acsTransID)]).toEqual([true, []])
})

test('logs an alert when a result has not been accepted for a day, and keeps trying', async () => {
  const { windowKey, acsTransID } = await at.window()
  await at.directoryServer.stop()
  await cancelChallenge(windowKey)
  const alerts = () => at.log.filter(line => line.includes('rreq.undelivered-for-a-day') && line.includes(acsTransID))
  at.advance(policy.resultAlertAfter / 1000 - 60)
  await at.deliver()
  expect(alerts()).toEqual([])
  at.advance(3600)
  await at.deliver()
  expect(alerts().map(line => JSON.parse(line))).toMatchObject([{ level: 50, acsTransID }])
  await at.directoryServer.start()
  at.advance(3600)
  await at.deliver()
  expect(await delivered(acsTransID)).toBe(true)
})

test('never calls a dsURL whose host no longer belongs to its directory server', async () => {
  const elsewhere = new DirectoryServerDouble()
  await elsewhere.start()
  const { windowKey, acsTransID } = await at.window()
  await at.sql`update challenges set ds_url = ${elsewhere.url} where acs_trans_id = ${acsTransID}`
  await cancelChallenge(windowKey)
  await elsewhere.stop()
  expect([elsewhere.rreqs.length, await delivered(acsTransID)]).toEqual([0, false])
  await at.sql`delete from outbox where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID})`
})

describe('an Erro in place of the RRes', () => {
  const erro = {
    messageType: 'Erro',
    messageVersion: '2.2.0',
    errorComponent: 'D',
    errorDescription: 'x',
    errorDetail: 'x',
  }
  const logged = (acsTransID: string) =>
    at.log.map(line => JSON.parse(line)).filter(line => line.msg === 'erro.received' && line.acsTransID === acsTransID)

  test.each([
    ['403, a passing fault', { ...erro, errorCode: '403' }, '403'],
    ['without what it must have', { messageType: 'Erro', errorCode: '101' }, '101'],
    ['without a readable code', { messageType: 'Erro', errorCode: 'secret' }, 'unreadable'],
  ])(
    '(%s) ends the tries: the result is neither sent again nor answered with an Erro',
    async (_what, body, errorCode) => {
      at.directoryServer.react = answers(200, body)
      const { windowKey, acsTransID } = await at.window()
      await cancelChallenge(windowKey)
      at.advance(3600)
      await at.deliver()
      expect(bodiesOf(acsTransID)).toHaveLength(1)
      expect([erroOf(acsTransID), await delivered(acsTransID)]).toEqual([[], false])
      expect(logged(acsTransID)).toMatchObject([{ directoryServer: 'first', errorCode, count: expect.any(Number) }])
    },
  )

  test('is counted by its code', async () => {
    at.directoryServer.react = answers(200, { ...erro, errorCode: '405' })
    const windows = [await at.window(), await at.window()]
    for (const { windowKey } of windows) await cancelChallenge(windowKey)
    // The process counts from its start.
    const [first, second] = windows.flatMap(({ acsTransID }) => logged(acsTransID)).map(({ count }) => Number(count))
    expect(second).toBe(Number(first) + 1)
  })
})

test('[Req 468] sends the transaction id in X-Request-ID with a 2.3.1 result, and no such header with an earlier version', async () => {
  for (const version of ['2.2.0', '2.3.1'] as const) {
    const { windowKey, acsTransID } = await at.window({}, version)
    await cancelChallenge(windowKey)
    const received = at.directoryServer.rreqs.find(({ message }) => message.acsTransID === acsTransID)
    expect(received?.headers['x-request-id']).toBe(version === '2.3.1' ? acsTransID : undefined)
  }
})
