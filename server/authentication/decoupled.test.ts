import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountPolicy } from '#domain/account/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { reportOn } from '#domain/emv/report.ts'
import { type Overrides, sample3RIAReq, sampleAppAReq } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { readActivity } from '../account/activity.ts'
import type { Actor } from '../account/actor.ts'
import { readOverview } from '../account/overview.ts'
import { answerPayment, listWaitingPayments } from '../account/payments.ts'
import { checkAuthenticationValue } from '../authorisation/authentication-value.ts'
import { now } from '../platform/clock.ts'
import { cards } from '../testing/cards.ts'
import { CertificateAuthority } from '../testing/certificates.ts'
import { type Answered, type Deployment, startDeployment } from '../testing/deployment.ts'
import { receipt } from '../testing/directory-server.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
let hanako: Actor
let alex: Actor

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  hanako = await enrolled('hanako')
  alex = await enrolled('alex')
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
// Resets the limit of challenges per card.
beforeEach(() => {
  at.advance(policy.limits.sendsByOne.window / 1000)
  at.directoryServer.react = receipt()
})

async function enrolled(ref: string): Promise<Actor> {
  const [owner] = await at.sql`select id, language from cardholders where issuer_ref = ${ref}`
  await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    values (${owner?.id}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
  return { cardholderId: owner?.id, sessionId: randomUUID(), language: owner?.language, strongAt: undefined }
}
/** The same cardholder, with strong authentication shown just now. */
const strong = (actor: Actor): Actor => ({ ...actor, strongAt: now() })

const asks = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
const hour = 60 * 60

function message(overrides: Overrides = {}, version: MessageVersion = '2.2.0') {
  const { dsURL, dsReferenceNumber } = at.message()
  const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsURL, dsReferenceNumber }
  return sample3RIAReq(version, {
    acctNumber: cards.hanako,
    purchaseAmount: '12800',
    merchantName: 'サンプル商店',
    ...asks,
    ...ids,
    ...overrides,
  })
}
const send = (overrides?: Overrides, version?: MessageVersion) => at.send(message(overrides, version))
const idOf = ({ acsTransID }: Answered) => acsTransID ?? ''
const resultsOf = (ares: Answered) => at.directoryServer.rreqsOf(idOf(ares))
const faults = (sent: object, channel: '01' | '02' | '03' = '03') =>
  reportOn(JSON.stringify(sent), { channel, category: '01' }).findings

describe('a request without a cardholder present that permits decoupled authentication', () => {
  test.each(['2.2.0', '2.3.1'] as const)(
    '[Req 328] is answered D, and conforms to the table of the ARes (%s)',
    async version => {
      const ares = await send({}, version)
      expect(ares).toMatchObject({ transStatus: 'D', acsDecConInd: 'Y', acsChallengeMandated: 'Y' })
      expect(ares.authenticationType).toBe(version === '2.2.0' ? '04' : undefined)
      expect(ares.authenticationMethod).toEqual(version === '2.3.1' ? ['12'] : undefined)
      const info =
        version === '2.3.1' ? { text: expect.stringMatching(/会員ページ/) } : expect.stringMatching(/会員ページ/)
      expect(ares.cardholderInfo).toEqual(info)
      expect(faults(ares)).toEqual([])
    },
  )

  test('[Req 322, 326, 330] notifies the cardholder of merchant, amount and time on every contact, in their language, without a link in a text message', async () => {
    const before = { mails: at.mailbox.mails.length, texts: sms.taken.length }
    await send()
    await at.deliver()
    const [mail, text] = [at.mailbox.mails.slice(before.mails), sms.taken.slice(before.texts)]
    expect([mail.length, text.length]).toEqual([1, 1])
    expect(mail[0]?.text).toMatch(/サンプル商店.*12,800円/)
    expect(mail[0]?.text).toContain('https://acs.test/ja/account/payments')
    expect(text[0]?.text).toMatch(/サンプル商店での12,800円のカード払い/)
    expect(text[0]?.text).not.toMatch(/:\/\/|www\./)
    await send({ acctNumber: cards.alex, merchantName: 'Sample Shop' })
    await at.deliver()
    expect(sms.taken.at(-1)?.text).toMatch(/Sample Shop wants to charge ¥12,800\. Not paid yet\. Approve or decline in/)
  })

  test('omits the amount if there is none', async () => {
    const none = {
      ...{ purchaseAmount: undefined, purchaseCurrency: undefined },
      ...{ purchaseExponent: undefined, purchaseDate: undefined },
    }
    const ares = await send({ ...none, messageCategory: '02', threeRIInd: '03' })
    expect(ares).toMatchObject({ transStatus: 'D' })
    await at.deliver()
    expect(sms.taken.at(-1)?.text).toMatch(/サンプル商店でのカード利用の承認依頼/)
    await answerPayment(strong(hanako), idOf(ares), 'approved')
    await at.deliver()
    at.advance(2)
    await at.deliver()
    expect(resultsOf(ares)[0]).not.toHaveProperty('authenticationValue')
    expect(resultsOf(ares)[0]).toMatchObject({ transStatus: 'Y', messageCategory: '02' })
  })

  test('gets another answer if decoupled authentication is not possible', async () => {
    expect(await send({ threeDSRequestorDecReqInd: 'N', threeDSRequestorDecMaxTime: undefined })).toMatchObject({
      transStatus: 'N',
      transStatusReason: '23',
    })
    expect(await send({ threeDSRequestorDecMaxTime: '00004' })).toMatchObject({
      transStatus: 'U',
      transStatusReason: '25',
    })
    expect(await send({ acctNumber: cards.yui })).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
    expect(await send({}, '2.1.0')).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
    expect(await send({ threeDSRequestorDecReqInd: 'F' }, '2.3.1')).toMatchObject({ transStatusReason: '23' })
    expect(await send({ threeDSRequestorDecReqInd: 'B' }, '2.3.1')).toMatchObject({ transStatus: 'D' })
    at.changeIssuer(ordinary => ({ ...ordinary, decoupled: 'never' }))
    at.configure({})
    expect(await send()).toMatchObject({ transStatus: 'N', transStatusReason: '21' })
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
  })

  test('asks no cardholder who cannot answer: without an account, or without a means of strong authentication', async () => {
    const active = { expiry: '2036-12', status: 'active', language: 'ja', names: {} }
    await at.importList([
      { ...active, cardNumber: cards.unknown, cardholderId: 'new', email: 'new@cardholder.example' },
    ])
    const refused = { transStatus: 'N', transStatusReason: '13' }
    expect(await send({ acctNumber: cards.unknown })).toMatchObject(refused)
    await enrolled('new')
    expect(await send({ acctNumber: cards.unknown })).toMatchObject(refused)
    await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
      select ${randomUUID()}, id, 'credential', '\\x00', 0, '[]', 'a key', false, ${now()} from cardholders where issuer_ref = 'new'`
    expect(await send({ acctNumber: cards.unknown })).toMatchObject({ transStatus: 'D' })
  })

  test('asks a cardholder with an identity at the issuer’s identity provider, where that is used for sign-in', async () => {
    const issuer = 'https://login.issuer.example'
    at.configure({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'safekey', OIDC_CLIENT_SECRET: 'a-secret-of-this-test' })
    expect(await send()).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
    await at.sql`insert into identities (issuer, subject, cardholder_id, linked_at)
      values (${issuer}, 'u-hanako', ${hanako.cardholderId}, ${now()})`
    expect(await send()).toMatchObject({ transStatus: 'D' })
    at.configure({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '', OIDC_CLIENT_SECRET: '' })
    expect(await send()).toMatchObject({ transStatus: 'D' })
  })

  test('is refused once too many have been sent for a card', async () => {
    for (let asked = 0; asked < policy.limits.sendsByOne.most; asked += 1) {
      expect(await send({ acctNumber: cards.alex })).toMatchObject({ transStatus: 'D' })
    }
    expect(await send({ acctNumber: cards.alex })).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
  })

  test('is refused also when too many are sent concurrently', async () => {
    // On a busy machine so many take longer than one may.
    at.configure({ AREQ_TIME: '30000' })
    const answers = await Promise.all(Array.from({ length: 25 }, () => send()))
    at.configure({ AREQ_TIME: '2500' })
    const asked = answers.filter(({ transStatus }) => transStatus === 'D')
    expect(asked).toHaveLength(policy.limits.sendsByOne.most)
    const refused = answers.filter(({ transStatus }) => transStatus !== 'D')
    expect(
      new Set(refused.map(({ transStatus, transStatusReason }) => `${transStatus} ${transStatusReason}`)).size,
    ).toBe(1)
    expect(refused[0]).toMatchObject({ transStatus: 'N' })
    const texts = await at.sql`select 1 from outbox where kind = 'sms' and about_id in
      (select id from challenges where acs_trans_id = any(${answers.map(idOf)}))`
    expect(texts).toHaveLength(policy.limits.sendsByOne.most)
  })

  test('is listed in the account with a limited number of others, and the account says if there are more', async () => {
    for (let hour = 0; hour < 3; hour += 1) {
      at.advance(policy.limits.sendsByOne.window / 1000)
      for (let asked = 0; asked < 10; asked += 1) await send({ threeDSRequestorDecMaxTime: '10080' })
    }
    const { payments, more } = await listWaitingPayments(hanako)
    expect([payments.length, more]).toEqual([20, true])
    for (const { id } of payments) await answerPayment(strong(hanako), id, 'declined')
    const rest = await listWaitingPayments(hanako)
    expect([rest.payments.length <= 20, rest.more]).toEqual([true, false])
    for (const { id } of rest.payments) await answerPayment(strong(hanako), id, 'declined')
  })

  test('asks once when it is sent twice, and has no window to open', async () => {
    const same = message()
    const [first, second] = [await at.send(same), await at.send(same)]
    expect(second).toEqual(first)
    const told = await at.sql`select id from outbox where about_id = ${await at.idOf(first.acsTransID)}`
    expect(told).toHaveLength(2)
    expect(await at.creq(first)).toEqual({ kind: 'refused' })
    expect(await at.challenge(idOf(first))).toMatchObject({ state: 'awaiting-cardholder' })
  })
})

describe('a purchase with a browser or an app', () => {
  const wantsNone = { threeDSRequestorChallengeInd: '02', ...asks }

  test('[Req 325] is challenged at the merchant, unless the merchant wants no challenge there', async () => {
    const challenged = await at.areq(asks)
    expect(challenged).toMatchObject({ transStatus: 'C' })
    // No condition requires it here, and a directory server may call it an error (table A.4).
    expect(challenged).not.toHaveProperty('acsDecConInd')
    const ares = await at.areq(wantsNone)
    expect(ares).toMatchObject({ transStatus: 'D', acsDecConInd: 'Y' })
    expect(ares).not.toHaveProperty('acsURL')
    expect(faults(ares, '02')).toEqual([])
    expect(await at.areq({ ...wantsNone, purchaseAmount: '1200' })).toMatchObject({ transStatus: 'Y' })
  })

  test('is decoupled whenever that is permitted, if the issuer prefers it', async () => {
    at.changeIssuer(ordinary => ({ ...ordinary, decoupled: 'preferred' }))
    at.configure({})
    expect(await at.areq(asks)).toMatchObject({ transStatus: 'D' })
    expect(await at.areq()).toMatchObject({ transStatus: 'C' })
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
  })

  test('[Req 321] in an app is reported with the SDK’s transaction', async () => {
    const { dsURL, dsReferenceNumber } = at.message()
    const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsURL, dsReferenceNumber }
    const sent = sampleAppAReq('2.2.0', { acctNumber: cards.hanako, purchaseAmount: '12800', ...wantsNone, ...ids })
    const { certFile, keyFile } = new CertificateAuthority(at.folder, 'payment-system').sign('acs')
    const served = (first: object) => ({ ...first, appSigning: { certificatesFile: certFile, keyFile } })
    at.changeIssuer(({ directoryServers: [first = {}, ...others], ...rest }) => ({
      ...rest,
      directoryServers: [served(first), ...others],
    }))
    at.configure({})
    const ares = await at.send(sent)
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
    expect(ares).toMatchObject({ transStatus: 'D', sdkTransID: sent.sdkTransID })
    expect(ares).not.toHaveProperty('acsSignedContent')
    expect(faults(ares, '01')).toEqual([])
    await answerPayment(strong(hanako), idOf(ares), 'declined')
    await at.runWorkerUntil(() => resultsOf(ares).length > 0)
    expect(resultsOf(ares)[0]).toMatchObject({ transStatus: 'N', sdkTransID: sent.sdkTransID })
    expect(faults(resultsOf(ares)[0] ?? {}, '01')).toEqual([])
  })
})

describe('the cardholder’s answer', () => {
  test('approved, is reported as Y, with a value for this purchase only', async () => {
    const ares = await send()
    expect((await listWaitingPayments(hanako)).payments).toContainEqual({
      id: idOf(ares),
      purchase: expect.objectContaining({ merchantName: 'サンプル商店', amount: '12800' }),
      lastFour: '0005',
      askedAt: expect.any(Number),
      until: expect.any(Number),
    })
    expect(await answerPayment(strong(hanako), idOf(ares), 'approved')).toEqual({ kind: 'approved' })
    await at.runWorkerUntil(() => resultsOf(ares).length > 0)
    const [rreq] = resultsOf(ares)
    expect(rreq).toMatchObject({ transStatus: 'Y', eci: '05', authenticationType: '04' })
    expect(rreq).not.toHaveProperty('interactionCounter')
    expect(faults(rreq ?? {})).toEqual([])
    const purchase = { amount: '12800', currency: '392', merchantID: String(message().acquirerMerchantID) }
    const value = rreq?.authenticationValue ?? ''
    expect(await checkAuthenticationValue(value, cards.hanako, purchase)).toMatchObject({ kind: 'valid' })
    expect(await checkAuthenticationValue(value, cards.hanako, { ...purchase, amount: '12801' })).not.toMatchObject({
      kind: 'valid',
    })
    const { payments: waiting } = await listWaitingPayments(hanako)
    expect(waiting.map(({ id }) => id)).not.toContain(idOf(ares))
  })

  test('declined, is reported as N, and cancels the messages not yet sent', async () => {
    const ares = await send({}, '2.3.1')
    expect(await answerPayment(strong(hanako), idOf(ares), 'declined')).toEqual({ kind: 'declined' })
    await at.runWorkerUntil(() => resultsOf(ares).length > 0)
    expect(resultsOf(ares)[0]).toMatchObject({
      transStatus: 'N',
      transStatusReason: '19',
      eci: '07',
      authenticationMethod: ['12'],
    })
    const told =
      await at.sql`select handed_over_at, body from outbox where about_id = ${await at.idOf(ares.acsTransID)}`
    expect(told.map(row => row.body)).toEqual([null, null])
    const { entries } = await readActivity(hanako, undefined)
    expect(entries).toContainEqual(expect.objectContaining({ id: idOf(ares), kind: 'payment', outcome: 'declined' }))
  })

  test('is valid until the last moment that the requestor waits', async () => {
    const ares = await send()
    const { until } = (await listWaitingPayments(hanako)).payments.find(({ id }) => id === idOf(ares)) ?? { until: 0 }
    const row = await at.challenge(idOf(ares))
    expect(until - (row.created_at as number)).toBe(hour * 1000)
    at.advance((until - now()) / 1000)
    expect((await listWaitingPayments(hanako)).payments).not.toContainEqual(expect.objectContaining({ id: idOf(ares) }))
    expect(await answerPayment(strong(hanako), idOf(ares), 'approved')).toEqual({ kind: 'over' })
    await at.runWorkerUntil(() => resultsOf(ares).length > 0)
    expect(resultsOf(ares)[0]).toMatchObject({ transStatus: 'U', transStatusReason: '24', challengeCancel: '03' })
    expect(faults(resultsOf(ares)[0] ?? {})).toEqual([])
  })

  test('[Req 345, 347, 352, 353] is awaited no longer: the worker ends unanswered challenges, once', async () => {
    const ares = await send()
    at.advance(hour - 60)
    await at.deliver()
    expect(await at.challenge(idOf(ares))).toMatchObject({ state: 'awaiting-cardholder' })
    at.advance(60)
    await at.runWorkerUntil(() => resultsOf(ares).length > 0)
    expect(resultsOf(ares)).toHaveLength(1)
    expect(await answerPayment(strong(hanako), idOf(ares), 'declined')).toEqual({ kind: 'over' })
    expect(await at.outbox(idOf(ares), 'rreq')).toHaveLength(1)
  })

  test('given in two windows concurrently is one answer with one result', async () => {
    for (const other of ['approved', 'declined'] as const) {
      const ares = await send()
      const actor = strong(hanako)
      const answers = await Promise.all([
        answerPayment(actor, idOf(ares), 'approved'),
        answerPayment(actor, idOf(ares), other),
      ])
      expect(answers.filter(({ kind }) => kind === 'over')).toHaveLength(1)
      expect(await at.outbox(idOf(ares), 'rreq')).toHaveLength(1)
    }
  })

  test('needs recent authentication stronger than an e-mail code', async () => {
    const ares = await send()
    for (const actor of [hanako, { ...hanako, strongAt: now() - accountPolicy.freshFor }]) {
      for (const answer of ['approved', 'declined'] as const)
        expect(await answerPayment(actor, idOf(ares), answer)).toEqual({ kind: 'stronger-authentication-needed' })
    }
    expect(await at.challenge(idOf(ares))).toMatchObject({ state: 'awaiting-cardholder' })
  })

  test('is accepted only from the cardholder: for everyone else the payment does not exist', async () => {
    const ares = await send()
    expect((await listWaitingPayments(alex)).payments).not.toContainEqual(expect.objectContaining({ id: idOf(ares) }))
    for (const id of [idOf(ares), randomUUID(), 'no id', "' or true --"])
      expect(await answerPayment(strong(alex), id, 'approved')).toEqual({ kind: 'over' })
    const { acsTransID } = await at.window()
    expect(await answerPayment(strong(hanako), acsTransID, 'approved')).toEqual({ kind: 'over' })
    expect(await at.challenge(idOf(ares))).toMatchObject({ state: 'awaiting-cardholder' })
    expect((await readOverview(hanako)).waiting.payments).not.toEqual([])
  })

  test('cannot approve once the card was reported stolen, but can decline', async () => {
    const [one, other] = [await send({ acctNumber: cards.alex }), await send({ acctNumber: cards.alex })]
    await at.sql`update cards set status = 'stolen' where cardholder_id = ${alex.cardholderId}`
    expect(await answerPayment(strong(alex), idOf(one), 'approved')).toEqual({ kind: 'over' })
    expect(await answerPayment(strong(alex), idOf(other), 'declined')).toEqual({ kind: 'declined' })
    await at.sql`update cards set status = 'active' where cardholder_id = ${alex.cardholderId}`
    await at.runWorkerUntil(() => resultsOf(one).length + resultsOf(other).length === 2)
    expect(resultsOf(one)[0]).toMatchObject({ transStatus: 'R', transStatusReason: '10' })
    expect(resultsOf(other)[0]).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
  })

  test('[Req 350, 351] reaches a directory server that was down', async () => {
    const ares = await send()
    await at.directoryServer.stop()
    await answerPayment(strong(hanako), idOf(ares), 'approved')
    const row = async () => (await at.outbox(idOf(ares), 'rreq'))[0]
    await at.runWorkerUntil(async () => row().then(rreq => rreq?.tries === 1 && rreq.leased_until === null))
    await at.directoryServer.start()
    at.advance(hour)
    await at.runWorkerUntil(async () => (await row())?.handed_over_at !== null)
    expect(resultsOf(ares)).toMatchObject([{ transStatus: 'Y' }])
  })

  test('[Req 290] is accepted as prior authentication for a later request of the same requestor', async () => {
    const ares = await send()
    await answerPayment(strong(hanako), idOf(ares), 'approved')
    const threeDSRequestorPriorAuthenticationInfo = {
      threeDSReqPriorRef: idOf(ares),
      threeDSReqPriorAuthMethod: '02',
    }
    expect(await send({ threeDSRequestorPriorAuthenticationInfo })).toMatchObject({ transStatus: 'Y' })
  })
})
