import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codePolicy } from '#domain/code/policy.ts'
import { type Overrides, sample3RIAReq } from '#domain/emv/testing/sample-areq.ts'
import { type MessageVersion, versions } from '#domain/emv/version.ts'
import type { Actor } from '../account/actor.ts'
import { answerPayment } from '../account/payments.ts'
import { reportActivity } from '../account/report-activity.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { receiveAppErro } from '../channels/app/app-error.ts'
import { cards } from '../testing/cards.ts'
import { belowLimit, type Deployment, otherThan } from '../testing/deployment.ts'
import { drops, receipt } from '../testing/directory-server.ts'
import { everyFlow } from '../testing/flows.ts'
import { type MutualTls, startMutualTls } from '../testing/mutual-tls.ts'
import { type Device, Phone } from '../testing/phone.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'

// Complete authentications without a browser, with every message between directory server and ACS over mutual TLS: in
// apps with their keys, by requestors (3RI), and decoupled.

let tls: MutualTls
let at: Deployment
let hanako: () => Actor
const sms = new SmsGatewayDouble()

beforeAll(async () => {
  await sms.start()
  tls = await startMutualTls(sms.settings())
  at = tls.at
  hanako = await tls.enrol('hanako')
})
afterAll(async () => {
  await tls.stop()
  await sms.stop()
})
beforeEach(() => {
  at.advance(4000)
  tls.double.react = receipt()
})

/** The same, up to the code. */
async function asked(version: MessageVersion, device: Device = {}) {
  const phone = await tls.challengedInApp(version, device)
  await phone.sdk.send()
  await at.deliver()
  return { ...phone, code: at.mailbox.code }
}

/** A device that supports none of our screens. */
const strange: Device = { sdkInterface: '01', sdkUiType: ['02'] }
const mayAsk = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }

describe('in an app', () => {
  everyFlow(() => tls, '01', [
    {
      what: 'low risk',
      run: version => tls.inApp(new Phone(), version, { purchaseAmount: belowLimit }),
      result: { transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) },
    },
    {
      what: 'a stolen card',
      run: version => tls.inApp(new Phone(), version, { acctNumber: cards.stolen }),
      result: { transStatus: 'R', transStatusReason: '10' },
    },
    {
      what: 'a device that shows none of our screens',
      run: version => tls.inApp(new Phone(strange), version),
      result: { transStatus: 'U', transStatusReason: '03' },
    },
    ...(['A128CBC-HS256', 'A128GCM'] as const).map(encryption => ({
      what: `the right code, with ${encryption}`,
      run: async (version: MessageVersion) => {
        const { sdk, id, code } = await asked(version, { encryption })
        expect(await sdk.send({ challengeDataEntry: code })).toMatchObject({ transStatus: 'Y' })
        return id
      },
      result: { transStatus: 'Y', eci: '05', authenticationValue: expect.any(String), interactionCounter: '01' },
    })),
    {
      what: 'the right code on a page',
      run: async version => {
        const { sdk, id, code } = await asked(version, { sdkInterface: '02', sdkUiType: ['05'] })
        await sdk.send({ challengeHTMLDataEntry: `do=code&code=${code}` })
        return id
      },
      result: { transStatus: 'Y', acsRenderingType: expect.objectContaining({ acsUiTemplate: '05' }) },
    },
    {
      what: 'only wrong codes',
      run: async version => {
        const { sdk, id, code } = await asked(version)
        for (let tries = 0; tries < codePolicy.challenge.attempts; tries++) {
          await sdk.send({ challengeDataEntry: otherThan(code) })
        }
        return id
      },
      result: { transStatus: 'N', transStatusReason: '19', interactionCounter: '05' },
    },
    {
      what: 'a cardholder who cancels',
      run: async version => {
        const { sdk, id } = await asked(version)
        await sdk.send({ challengeCancel: '01' })
        return id
      },
      result: { transStatus: 'N', challengeCancel: '01' },
    },
    {
      what: 'an SDK that has timed out',
      run: async version => {
        const { sdk, id } = await asked(version)
        await sdk.send({ challengeCancel: '08' })
        return id
      },
      result: { transStatus: 'N', transStatusReason: '01', challengeCancel: '08' },
    },
    {
      what: 'an SDK in error',
      run: async version => {
        const { sdk, id } = await asked(version)
        await receiveAppErro(Buffer.from(sdk.erro()))
        return id
      },
      result: { transStatus: 'U', challengeCancel: expect.stringMatching(/^0[69]$/) },
    },
    {
      what: 'a challenge that is never begun',
      run: async version => {
        const { id } = await tls.challengedInApp(version)
        at.advance(31)
        return id
      },
      result: { transStatus: 'N', transStatusReason: '14', challengeCancel: '05' },
    },
    {
      what: 'an abandoned challenge',
      run: async version => {
        const { id } = await asked(version)
        at.advance(601)
        return id
      },
      result: { transStatus: 'N', transStatusReason: '14', challengeCancel: '04' },
    },
    {
      what: 'a device that shows nothing, whose owner answers in the account',
      since: '2.2.0',
      run: async version => {
        const ares = await tls.inApp(new Phone(strange), version, mayAsk)
        expect(ares).toMatchObject({ transStatus: 'D', acsDecConInd: 'Y' })
        await answerPayment(hanako(), ares.acsTransID ?? '', 'approved')
        return ares.acsTransID ?? ''
      },
      result: {
        transStatus: 'Y',
        eci: '05',
        authenticationValue: expect.any(String),
        sdkTransID: expect.any(String),
      },
    },
  ])
})

describe('by a requestor (3RI)', () => {
  const request = (version: MessageVersion, overrides: Overrides = {}) => {
    const { dsReferenceNumber } = at.message()
    const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsReferenceNumber }
    return tls.send(sample3RIAReq(version, { acctNumber: cards.hanako, purchaseAmount: '12800', ...ids, ...overrides }))
  }
  const elsewhere = async (version: MessageVersion) => {
    const ares = await request(version, mayAsk)
    expect(ares).toMatchObject({ transStatus: 'D', acsDecConInd: 'Y' })
    return ares.acsTransID ?? ''
  }

  everyFlow(() => tls, '03', [
    {
      what: 'a small payment',
      run: version => request(version, { purchaseAmount: belowLimit }),
      result: { transStatus: 'Y', eci: '05' },
    },
    { what: 'a large one', run: version => request(version), result: { transStatus: 'N' } },
    {
      what: 'a large one that refers to an earlier challenge',
      run: async version => {
        const { windowKey, acsTransID } = await tls.window(version)
        await at.deliver()
        await submitAnswer(windowKey, at.mailbox.code)
        const info = { threeDSReqPriorRef: acsTransID, threeDSReqPriorAuthMethod: '02' }
        const named = version === '2.3.1' ? [info] : info
        return request(version, { threeDSRequestorPriorAuthenticationInfo: named })
      },
      result: { transStatus: 'Y', eci: '05' },
    },
    {
      what: 'an account to verify',
      run: version => request(version, { threeRIInd: '05' }),
      result: { transStatus: 'Y' },
    },
    {
      what: 'a stolen card',
      run: version => request(version, { acctNumber: cards.stolen }),
      result: { transStatus: 'R', transStatusReason: '10' },
    },
    {
      what: 'a cardholder who approves in the account',
      since: '2.2.0',
      run: async version => {
        const id = await elsewhere(version)
        expect(await answerPayment(hanako(), id, 'approved')).toEqual({ kind: 'approved' })
        return id
      },
      result: { transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) },
    },
    {
      what: 'a cardholder who declines in the account',
      since: '2.2.0',
      run: async version => {
        const id = await elsewhere(version)
        expect(await answerPayment(hanako(), id, 'declined')).toEqual({ kind: 'declined' })
        return id
      },
      result: { transStatus: 'N' },
    },
    {
      what: 'a cardholder who reports in the account that it was not them',
      since: '2.2.0',
      run: async version => {
        const id = await elsewhere(version)
        expect(await reportActivity(hanako(), 'payment', id)).toEqual({ kind: 'reported' })
        await at.sql`update cardholders set report_open_since = null, disputed_since = null`
        return id
      },
      result: { transStatus: 'R', transStatusReason: '11' },
    },
    {
      what: 'a cardholder who does not answer',
      since: '2.2.0',
      run: async version => {
        const id = await elsewhere(version)
        at.advance(60 * 60)
        return id
      },
      result: { transStatus: 'U', transStatusReason: '24', challengeCancel: '03' },
    },
  ])
})

describe('a crash', () => {
  test('between a cardholder’s answer and its result: the result is saved, and is sent with the same bytes each time', async () => {
    const { dsReferenceNumber } = at.message()
    const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsReferenceNumber }
    const ares = await tls.send(
      sample3RIAReq('2.2.0', { acctNumber: cards.hanako, purchaseAmount: '12800', ...ids, ...mayAsk }),
    )
    const id = ares.acsTransID ?? ''
    // The process that received the answer is gone: only the row in the outbox records it.
    await answerPayment(hanako(), id, 'approved')
    expect(await at.outbox(id, 'rreq')).toHaveLength(1)
    await at.runWorkerUntil(() => tls.delivered(id))
    // The directory server received it, but we do not know that.
    await at.sql`update outbox set handed_over_at = null, leased_until = null, next_at = created_at where challenge_id = (select id from challenges where acs_trans_id = ${id}) and kind = 'rreq'`
    at.advance(60)
    await at.runWorkerUntil(() => tls.delivered(id))
    expect(tls.double.rreqs.filter(({ message }) => message.acsTransID === id)).toHaveLength(2)
    expect(tls.received(id)).toMatchObject({ contents: 1, result: { transStatus: 'Y' } })
  })

  test.each(versions)(
    'after an app’s ARes: an unopened challenge is ended once, when the worker runs again (%s)',
    async version => {
      const { id } = await tls.challengedInApp(version)
      at.advance(3600)
      await at.runWorkerUntil(() => tls.delivered(id))
      expect(tls.received(id)).toMatchObject({ times: 1, result: { transStatus: 'N', challengeCancel: '05' } })
    },
  )

  test.each(versions)(
    'between the end in an app and its result: the result is saved, and is sent once (%s)',
    async version => {
      const { sdk, id, code } = await asked(version)
      // The process died before it could send anything, as if no process had tried.
      tls.double.react = drops
      await sdk.send({ challengeDataEntry: code })
      tls.double.react = receipt()
      tls.double.rreqs.length = 0
      await at.sql`update outbox set tries = 0, failed_at = null, leased_until = null, next_at = created_at where challenge_id = (select id from challenges where acs_trans_id = ${id}) and kind = 'rreq'`
      at.advance(5)
      await at.runWorkerUntil(() => tls.delivered(id))
      expect(tls.received(id)).toMatchObject({ contents: 1, times: 1, result: { transStatus: 'Y' } })
    },
  )
})
