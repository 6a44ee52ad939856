import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { versions } from '#domain/emv/version.ts'
import { resendCode, submitAnswer } from '../challenge/submit.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
beforeEach(() => at.advance(3600))

const internalError = (version: string) => ({
  transStatus: 'U',
  transStatusReason: version === '2.1.0' ? '01' : '22',
  eci: '07',
})

test('a code that is due is sent as soon as the worker runs, and only once', async () => {
  const before = at.mailbox.mails.length
  const { windowKey, acsTransID } = await at.window()
  await at.runWorkerUntil(() => at.mailbox.mails.length > before)
  expect(at.mailbox.mails).toHaveLength(before + 1)
  expect(await at.outbox(acsTransID, 'email')).toMatchObject([
    { tries: 1, body: null, handed_over_at: expect.any(Date) },
  ])
  expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
})

test('two workers that run concurrently send one mail', async () => {
  const before = at.mailbox.mails.length
  await at.window()
  await Promise.all([at.deliver(), at.deliver(), at.deliver(), at.deliver()])
  expect(at.mailbox.mails).toHaveLength(before + 1)
})

test('while the mail server is down a code is tried again with growing pauses, and arrives once it is up', async () => {
  await at.mailbox.down()
  const { windowKey, acsTransID } = await at.window()
  for (const [tries, pause] of [
    [1, 1],
    [2, 2],
    [3, 5],
  ] as const) {
    await at.deliver()
    const [row] = await at.outbox(acsTransID, 'email')
    expect(row).toMatchObject({ tries, handed_over_at: null, failed_at: null })
    at.advance(pause)
  }
  await at.mailbox.up()
  await at.deliver()
  expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
  expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
})

test.each(versions)('a challenge whose code no mail server accepts for a minute ends with U (%s)', async version => {
  await at.mailbox.down()
  const { acsTransID } = await at.window({}, version)
  await at.deliver()
  expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
  at.advance(policy.deliveryPatience / 1000)
  await at.deliver()
  await at.mailbox.up()
  expect(await at.challenge(acsTransID)).toMatchObject({ state: 'ended', outcome: 'delivery-failed' })
  at.advance(policy.resultHeadStart / 1000)
  await at.deliver()
  expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([internalError(version)])
})

test('a recipient that the mail server refuses permanently ends the challenge with U at once', async () => {
  at.mailbox.refusal = 550
  const { acsTransID } = await at.window()
  await at.deliver()
  at.mailbox.refusal = undefined
  at.advance(policy.resultHeadStart / 1000)
  await at.deliver()
  expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([internalError('2.2.0')])
  expect(await at.outbox(acsTransID, 'email')).toMatchObject([{ tries: 1, body: null, failed_at: expect.any(Date) }])
})

test('a code that was sent keeps the challenge open when the next one cannot be sent', async () => {
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  at.advance(codePolicy.challenge.resendAfter / 1000)
  await at.mailbox.down()
  await resendCode(windowKey)
  await at.deliver()
  await at.mailbox.up()
  expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
  at.advance(1)
  await at.deliver()
  expect(at.mailbox.code).not.toBe(code)
  expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
})

test('a message whose code has expired is never sent, and its body is erased', async () => {
  const { acsTransID } = await at.window()
  const asked = at.mailbox.asked.length
  at.advance(codePolicy.challenge.lifetime / 1000)
  await at.deliver()
  expect(at.mailbox.asked).toHaveLength(asked)
  expect(await at.outbox(acsTransID, 'email')).toMatchObject([{ body: null, failed_at: expect.any(Date) }])
})
