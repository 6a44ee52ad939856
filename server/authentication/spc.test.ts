import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { policy } from '#domain/challenge/policy.ts'
import { businessDayAfter } from '#domain/contact/business-days.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Json, JsonObject } from '#domain/emv/field.ts'
import { reportOn } from '#domain/emv/report.ts'
import type { SpcTransData } from '#domain/emv/spc.ts'
import { type Overrides, sample3RIAReq } from '#domain/emv/testing/sample-areq.ts'
import type { Preference } from '#domain/methods/selection.ts'
import { document } from '#domain/risk/policy/testing/policy.ts'
import { Authenticator } from '../../demo/phone/authenticator.ts'
import type { Actor } from '../account/actor.ts'
import { finishRegistering, startRegistering } from '../account/passkey-ceremonies.ts'
import { openSession, resumeSession } from '../account/sessions.ts'
import type { Evidence } from '../evidence/contents.ts'
import { verifyEvidence } from '../evidence/document.ts'
import { makeEvidence } from '../evidence/make.ts'
import { now } from '../platform/clock.ts'
import { keys } from '../platform/keys.ts'
import { refreshPolicies } from '../risk/policies-in-use.ts'
import { stopUse } from '../risk/policy-steps.ts'
import { type Said, SoftwareAuthenticator } from '../testing/authenticator.ts'
import { cards } from '../testing/cards.ts'
import { type Answered, belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { usePolicy } from '../testing/policies.ts'

// Secure payment confirmation that the 3DS Requestor initiates (EMV 3DS 2.3.1.1, 3.5.1). The browser's part is played by
// an authenticator in software, which says what the SPC API would.

let at: Deployment
let hanako: string
let alex: string
/** Hanako's, registered a year ago for payments. */
let phone: SoftwareAuthenticator
const year = 365 * contactPolicy.day
const spc = { name: { ja: 'みなと町カード', en: 'Minatomachi Card' }, icon: 'https://issuer.example/card.png' }
const merchant = 'https://shop.example'
const supported = { threeDSRequestorSpcSupport: 'Y', payeeOrigin: merchant, browserLanguage: 'en' }

beforeAll(async () => {
  at = await startDeployment()
  useSpc(true)
  ;[hanako, alex] = await Promise.all([idOf('hanako'), idOf('alex')])
})
afterAll(() => at.stop())
beforeEach(async () => {
  at.advance(policy.limits.sendsByOne.window / 1000)
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  await at.sql`delete from passkeys`
  await prefer('passkey')
  phone = await registered(hanako)
})

function useSpc(isOn: boolean) {
  at.changeIssuer(ordinary => ({
    ...ordinary,
    ranges: ordinary.ranges.map(range => ({ ...range, ...(isOn && { spc }) })),
  }))
  at.configure({})
}

async function idOf(ref: string): Promise<string> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  return String(row?.id)
}

async function prefer(method: Preference) {
  await at.sql`delete from preferences`
  await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at) values (${hanako}, ${method}, ${now()})`
}

async function registered(cardholderId: string, { createdAt = now() - year, confirmsPayments = true } = {}) {
  const device = new SoftwareAuthenticator()
  await device.addTo(at, cardholderId, { createdAt, confirmsPayments })
  return device
}

/** The first AReq, whose ARes asks for a confirmation. */
async function asked(overrides: Overrides = {}) {
  const message = at.message({ ...supported, ...overrides }, '2.3.1')
  const ares = await at.send(message)
  if (!ares.spcTransData) throw new Error(`no confirmation: ${JSON.stringify(ares)}`)
  return { message, ares, acsTransID: ares.acsTransID ?? '', data: ares.spcTransData }
}

type Asked = Awaited<ReturnType<typeof asked>>

/** What the SPC API gives the merchant's page for this data, which the page has not changed. */
function assertionOf(data: SpcTransData, device = phone, said: Said = {}): JsonObject {
  const { displayName, icon, currency, value, payeeName, payeeOrigin } = data
  const payment = {
    ...{ rpId: 'acs.test', topOrigin: merchant, payeeOrigin, ...(payeeName !== undefined && { payeeName }) },
    ...{ total: { currency, value }, instrument: { displayName, icon } },
  }
  const all = { origin: merchant, rpID: 'acs.test', type: 'payment.get', payment, ...said }
  return device.respond(data.challenge, all) as unknown as JsonObject
}

/** What the browser says that it showed, with a change. */
function shown(data: SpcTransData, change: object): Said {
  const { response } = assertionOf(data) as { response: { clientDataJSON: string } }
  const { payment } = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString())
  return { payment: { ...payment, ...change } }
}

function prior(acsTransID: string, method = '05'): JsonObject {
  return {
    threeDSReqPriorRef: acsTransID,
    threeDSReqPriorAuthMethod: method,
    threeDSReqPriorAuthTimestamp: '202706010100',
  }
}

/** The second AReq [Req 444]: the data of the first, with new ids. */
function second({ message, acsTransID }: Asked, assertion: Json | undefined, overrides: Overrides = {}): JsonObject {
  const info = { threeDSReqAuthMethod: '09', ...(assertion !== undefined && { threeDSReqAuthData: assertion }) }
  return at.message(
    {
      ...message,
      threeDSServerTransID: randomUUID(),
      dsTransID: randomUUID(),
      threeDSRequestorAuthenticationInfo: [info],
      threeDSRequestorPriorAuthenticationInfo: [prior(acsTransID)],
      ...overrides,
    },
    '2.3.1',
  )
}

/** A payment that the cardholder confirms, up to the answer to its second AReq. */
async function confirmed(overrides: Overrides = {}) {
  const first = await asked(overrides)
  return { first, ares: await at.send(second(first, assertionOf(first.data))) }
}

async function whyNot(): Promise<unknown> {
  return at.log
    .map(line => JSON.parse(line))
    .filter(({ msg, kind }) => msg === 'passkey.checked' && kind === 'spc')
    .at(-1)?.why
}

describe('a payment of a cardholder who prefers a passkey', () => {
  test('[Req 449] is answered with S, the passkeys and what the browser shall show', async () => {
    const { ares } = await asked({ merchantName: 'Tea & Co' })
    expect(ares).toMatchObject({
      transStatus: 'S',
      webAuthnCredList: [{ rpID: 'acs.test', credentialIds: phone.credentialId }],
      spcTransData: {
        ...{ currency: 'JPY', value: '12800', payeeName: 'Tea & Co', payeeOrigin: merchant, timeout: '300000' },
        ...{ displayName: `Minatomachi Card •••• ${cards.hanako.slice(-4)}`, icon: spc.icon },
      },
    })
    expect(reportOn(JSON.stringify(ares), { channel: '02', category: '01' }).findings).toEqual([])
    expect(await at.outbox(ares.acsTransID ?? '', 'email')).toEqual([])
  })

  test('names the card in the cardholder’s language, and writes cents as decimals', async () => {
    const { data } = await asked({
      ...{ purchaseAmount: '012550', purchaseCurrency: '840', purchaseExponent: '2', browserLanguage: 'ja' },
    })
    expect(data).toMatchObject({ value: '125.50', currency: 'USD', displayName: expect.stringContaining('みなと町') })
  })

  test('that pays nothing shows an amount of 0', async () => {
    const { ares, data } = await asked({ messageCategory: '02', threeDSRequestorAuthenticationInd: '04' })
    expect(data).toMatchObject({ value: '0', currency: 'JPY' })
    expect(reportOn(JSON.stringify(ares), { channel: '02', category: '02' }).findings).toEqual([])
  })

  test.each<[string, () => Promise<Answered>]>([
    ['of a requestor without support', () => at.areq({ browserLanguage: 'en' }, '2.3.1')],
    ['of an earlier version', () => at.areq(supported, '2.2.0')],
    [
      'whose passkeys were not made for payments',
      async () => {
        await at.sql`update passkeys set confirms_payments = false`
        return at.areq(supported, '2.3.1')
      },
    ],
    [
      'whose passkey is too new for a larger payment',
      async () => {
        await at.sql`update passkeys set created_at = ${now()}`
        return at.areq(supported, '2.3.1')
      },
    ],
    [
      'who prefers a code',
      async () => {
        await prefer('code')
        return at.areq(supported, '2.3.1')
      },
    ],
    [
      'of an issuer that has not switched it on',
      async () => {
        useSpc(false)
        const ares = await at.areq(supported, '2.3.1')
        useSpc(true)
        return ares
      },
    ],
  ])('is challenged in a window: %s', async (_why, send) => {
    const ares = await send()
    expect(ares).toMatchObject({ transStatus: 'C', acsURL: expect.any(String) })
    expect(ares.spcTransData).toBeUndefined()
  })

  test('has no window, and a CReq changes nothing', async () => {
    const first = await asked()
    expect(await at.creq(first.ares)).toMatchObject({
      kind: 'refused',
      forMerchant: { erro: { errorCode: '305', errorDetail: 'acsTransID' } },
    })
    expect(await at.creq(first.ares, { challengeWindowSize: '99' })).toMatchObject({ kind: 'refused' })
    expect(await at.send(second(first, assertionOf(first.data)))).toMatchObject({ transStatus: 'Y' })
  })
})

describe('a second AReq with the assertion', () => {
  test('[Req 107, 108] is answered with Y and a value, and no RReq is sent', async () => {
    const { first, ares } = await confirmed()
    expect(ares).toMatchObject({ transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) })
    expect(ares.acsTransID).not.toBe(first.acsTransID)
    at.advance(policy.secondAReqTimeout / 1000)
    await at.deliver()
    expect(await at.outbox(first.acsTransID, 'rreq')).toEqual([])
    expect(await at.challenge(first.acsTransID)).toMatchObject({ state: 'ended', outcome: 'authenticated' })
  })

  test('proves later payments that the requestor makes without the cardholder', async () => {
    const { ares } = await confirmed()
    const later = (ref = '') =>
      at.send(
        sample3RIAReq('2.3.1', {
          ...{ threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsURL: at.directoryServer.url },
          ...{ acctNumber: cards.hanako, purchaseAmount: '12800' },
          threeDSRequestorPriorAuthenticationInfo: [prior(ref, '02')],
        }),
      )
    expect(await later(ares.acsTransID)).toMatchObject({ transStatus: 'Y' })
    expect(await later(randomUUID())).toMatchObject({ transStatus: 'N' })
  })

  test('as text, and from the frame of the requestor’s own page, is accepted too', async () => {
    const first = await asked({ threeDSRequestorURL: 'https://psp.example/pay' })
    const framed = { origin: 'https://psp.example', crossOrigin: true, topOrigin: merchant }
    const assertion = JSON.stringify(assertionOf(first.data, phone, framed))
    expect(await at.send(second(first, assertion))).toMatchObject({ transStatus: 'Y' })
  })

  test('that the directory server repeats gets the same answer, and any other with the same assertion a challenge', async () => {
    const first = await asked()
    const assertion = assertionOf(first.data)
    const message = second(first, assertion)
    const ares = await at.send(message)
    expect(await at.send(message)).toEqual(ares)
    const replayed = second(first, assertion)
    expect(await at.send(replayed)).toMatchObject({ transStatus: 'C' })
  })

  test('twice at once proves one payment', async () => {
    const first = await asked()
    const assertion = assertionOf(first.data)
    const answers = await Promise.all([1, 2].map(() => at.send(second(first, assertion))))
    expect(answers.map(({ transStatus }) => transStatus).sort()).toEqual(['C', 'Y'])
  })

  test.each<[string, string, (first: Asked) => JsonObject | Promise<JsonObject>]>([
    ['without an assertion', 'no-assertion', first => second(first, undefined)],
    ['that is not an assertion', 'malformed', first => second(first, { id: 7 })],
    ['that is garbage', 'malformed', first => second(first, 'not JSON')],
    [
      'whose client data is garbage',
      'malformed',
      first => {
        const assertion = assertionOf(first.data)
        return second(first, {
          ...assertion,
          response: { ...(assertion.response as JsonObject), clientDataJSON: 'e30x' },
        })
      },
    ],
    [
      'of a passkey that nobody has',
      'unknown',
      first => second(first, assertionOf(first.data, new SoftwareAuthenticator())),
    ],
    [
      'of another cardholder’s passkey',
      'other-cardholder',
      async first => second(first, assertionOf(first.data, await registered(alex))),
    ],
    [
      'of a passkey that was not made for payments',
      'not-for-this-payment',
      async first => second(first, assertionOf(first.data, await registered(hanako, { confirmsPayments: false }))),
    ],
    [
      'of a passkey that is too new for a larger payment',
      'not-for-this-payment',
      async first => second(first, assertionOf(first.data, await registered(hanako, { createdAt: now() }))),
    ],
    [
      'over another challenge',
      'wrong',
      first => second(first, assertionOf({ ...first.data, challenge: 'A'.repeat(86) })),
    ],
    ['of another payment', 'wrong', async first => second(first, assertionOf({ ...(await asked()).data }))],
    [
      'for another relying party',
      'wrong',
      first => second(first, assertionOf(first.data, phone, { rpID: 'evil.example' })),
    ],
    ['that signs in', 'wrong', first => second(first, assertionOf(first.data, phone, { type: 'webauthn.get' }))],
    [
      'of a page of another origin',
      'wrong',
      first => second(first, assertionOf(first.data, phone, { origin: 'https://shop.example.evil.example' })),
    ],
    [
      'of our own page',
      'wrong',
      first => second(first, assertionOf(first.data, phone, { origin: 'https://acs.test' })),
    ],
    [
      'in a frame of another site',
      'wrong',
      first => second(first, assertionOf(first.data, phone, { crossOrigin: true, topOrigin: 'https://evil.example' })),
    ],
    [
      'without user verification',
      'wrong',
      first => second(first, assertionOf(first.data, phone, { userVerified: false })),
    ],
    [
      'whose signature was changed',
      'wrong',
      first => {
        const assertion = assertionOf(first.data)
        const response = assertion.response as { signature: string }
        const other = assertionOf(first.data).response as { signature: string }
        return second(first, { ...assertion, response: { ...response, signature: other.signature } })
      },
    ],
    [
      'of a smaller amount on the screen',
      'another-total',
      first =>
        second(first, assertionOf(first.data, phone, shown(first.data, { total: { currency: 'JPY', value: '1' } }))),
    ],
    [
      'of another payee on the screen',
      'another-payeeName',
      first => second(first, assertionOf(first.data, phone, shown(first.data, { payeeName: 'Another Shop' }))),
    ],
    [
      'of a smaller amount',
      'another-purchaseAmount',
      first => second(first, assertionOf(first.data), { purchaseAmount: '12801' }),
    ],
    [
      'of another merchant',
      'another-merchantName',
      first => second(first, assertionOf(first.data), { merchantName: 'Another' }),
    ],
    [
      'that the directory server refused',
      'refused-by-directory-server',
      first =>
        second(first, undefined, {
          threeDSRequestorAuthenticationInfo: [
            { threeDSReqAuthMethod: '09', threeDSReqAuthData: assertionOf(first.data), dsAuthInfVerifInd: '02' },
          ],
        }),
    ],
    [
      'that names no earlier authentication',
      'no-challenge',
      first =>
        second(first, assertionOf(first.data), {
          threeDSRequestorPriorAuthenticationInfo: [prior(first.acsTransID, '02')],
        }),
    ],
    [
      'that names an unknown one',
      'no-challenge',
      first =>
        second(first, assertionOf(first.data), { threeDSRequestorPriorAuthenticationInfo: [prior(randomUUID())] }),
    ],
    ['for another card', 'no-challenge', first => second(first, assertionOf(first.data), { acctNumber: cards.alex })],
    [
      'of another requestor',
      'no-challenge',
      first => second(first, assertionOf(first.data), { threeDSRequestorID: 'REQUESTOR-0002' }),
    ],
  ])('%s is challenged (%s)', async (_what, why, message) => {
    const first = await asked()
    const ares = await at.send(await message(first))
    expect(ares).toMatchObject({ transStatus: 'C', acsChallengeMandated: 'Y', acsURL: expect.any(String) })
    expect(ares.spcTransData).toBeUndefined()
    expect(await whyNot()).toBe(why)
    // A confirmation that another requestor or card names is not ended by that.
    const { state } = await at.challenge(first.acsTransID)
    expect(state).toBe(why === 'no-challenge' ? 'awaiting-assertion' : 'ended')
  })

  test('never passes for a low amount if its assertion is wrong', async () => {
    const first = await asked({ threeDSRequestorChallengeInd: ['04'], purchaseAmount: belowLimit })
    const wrong = second(first, assertionOf(first.data, phone, { userVerified: false }), {
      threeDSRequestorChallengeInd: undefined,
    })
    expect(await at.send(wrong)).toMatchObject({ transStatus: 'C' })
  })

  test('after a wrong one is not accepted any more', async () => {
    const first = await asked()
    await at.send(second(first, { id: 'AAAA' }))
    expect(await at.send(second(first, assertionOf(first.data)))).toMatchObject({ transStatus: 'C' })
  })

  test('cannot pay once the card was reported stolen, or the passkey removed or in doubt', async () => {
    const first = await asked()
    await at.sql`update cards set status = 'stolen' where cardholder_id = ${hanako}`
    expect(await at.send(second(first, assertionOf(first.data)))).toMatchObject({ transStatus: 'R' })
    expect(await at.challenge(first.acsTransID)).toMatchObject({ outcome: 'unconfirmed', opened_at: null })
    await at.sql`update cards set status = 'active' where cardholder_id = ${hanako}`
    const removed = await asked()
    await at.sql`update passkeys set removed_at = ${now()}`
    expect(await at.send(second(removed, assertionOf(removed.data)))).toMatchObject({ transStatus: 'C' })
    phone = await registered(hanako)
    const doubted = await asked()
    const since = now() - 2 * year
    await at.sql`update cardholders set report_open_since = ${now()}, disputed_since = ${since} where id = ${hanako}`
    expect((await at.send(second(doubted, assertionOf(doubted.data)))).transStatus).not.toBe('Y')
  })

  test('of a passkey that has become old enough meanwhile is accepted', async () => {
    const createdAt = now()
    await at.sql`update passkeys set created_at = ${createdAt}`
    at.advance((businessDayAfter(createdAt, contactPolicy.businessDays) - now()) / 1000)
    expect((await confirmed()).ares).toMatchObject({ transStatus: 'Y' })
  })
})

describe('where a risk policy needs a device', () => {
  const policyOf = (version: number) => ({
    ...document(),
    version,
    thresholds: { challenge: 30, 'challenge-on-device': 31 },
    examples: [{ about: 'new browser', signals: { amount: 60_000 }, outcome: 'challenge-on-device' }],
  })
  beforeEach(() => {
    at.changeIssuer(ordinary => ({
      ...ordinary,
      ranges: ordinary.ranges.map(range => ({ ...range, spc })),
      largerAbove: { '392': '50000' },
      risk: { currency: '392', rates: { '392': 1 } },
    }))
    at.configure({})
  })
  afterEach(async () => {
    for (const { version } of await at.sql`select version from risk_policies where use is not null`)
      await stopUse({ policyId: 'small', version }, { by: 'risk-office', reason: 'a test' })
    await refreshPolicies()
    useSpc(true)
  })

  test('a passkey that was added a moment ago is neither asked for nor accepted', async () => {
    await at.sql`delete from passkeys`
    const young = await registered(hanako, { createdAt: now() - contactPolicy.day / 24 })
    // Enough for a smaller payment, until the policy is active.
    const first = await asked()
    await usePolicy(policyOf(1))
    const ares = await at.send(second(first, assertionOf(first.data, young)))
    expect(ares).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
    expect(await whyNot()).toBe('not-for-this-payment')
    expect(await at.areq(supported, '2.3.1')).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })

  test('one that has been there for long confirms the payment; without its assertion a window asks for it, and for no code', async () => {
    await usePolicy(policyOf(2))
    expect((await confirmed()).ares).toMatchObject({ transStatus: 'Y' })
    const first = await asked()
    expect(await at.challenge(first.acsTransID)).toMatchObject({ on_device: true })
    const ares = await at.send(second(first, undefined))
    expect(ares).toMatchObject({ transStatus: 'C' })
    expect(await at.challenge(ares.acsTransID ?? '')).toMatchObject({ on_device: true, preference: 'passkey' })
    expect(await at.outbox(ares.acsTransID ?? '', 'email')).toEqual([])
  })
})

describe('a browser that did not confirm', () => {
  test.each(['01', '02', '03'])('leads to a window with a code, and no RReq (spcIncompInd %s)', async spcIncompInd => {
    const first = await asked()
    const message = second(first, undefined, { threeDSRequestorAuthenticationInfo: undefined, spcIncompInd })
    const ares = await at.send(message)
    expect(ares).toMatchObject({ transStatus: 'C', authenticationMethod: ['05'] })
    expect(await at.challenge(first.acsTransID)).toMatchObject({ state: 'ended', outcome: 'unconfirmed' })
    expect(await at.outbox(first.acsTransID, 'rreq')).toEqual([])
    expect(await at.creq(ares)).toMatchObject({ kind: 'window' })
  })
})

describe('a confirmation without a second AReq', () => {
  test('[Req 452, 453] ends after ten minutes with N, 14, 04, and names the method', async () => {
    const { acsTransID } = await asked()
    at.advance(policy.secondAReqTimeout / 1000 - 60)
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'awaiting-assertion' })
    at.advance(60)
    await at.runWorkerUntil(() => at.directoryServer.rreqsOf(acsTransID).length > 0)
    const [rreq, ...more] = at.directoryServer.rreqsOf(acsTransID)
    expect(more).toEqual([])
    const timedOut = { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', authenticationMethod: ['14'] }
    expect(rreq).toMatchObject({ ...timedOut, interactionCounter: '00' })
    expect(reportOn(JSON.stringify(rreq), { channel: '02', category: '01' }).findings).toEqual([])
  })

  test('is over then, also for an assertion that arrives before the worker', async () => {
    const first = await asked()
    at.advance(policy.secondAReqTimeout / 1000)
    expect(await at.send(second(first, assertionOf(first.data)))).toMatchObject({ transStatus: 'C' })
  })
})

describe('the evidence', () => {
  const evidenceOf = async (acsTransID = '') => (await makeEvidence(acsTransID, { by: 'Sato' })) ?? ''
  const verify = async (document: string) => verifyEvidence(Buffer.from(document), await keys().publicKeys('evidence'))

  test('of either AReq has the signature, and what the browser showed is verified with it', async () => {
    const { first, ares } = await confirmed({ merchantName: 'Tea & Co' })
    const document = await evidenceOf(ares.acsTransID)
    const { spc, decision } = JSON.parse(document).evidence as Evidence
    expect(decision).toMatchObject({ decision: 'authenticated', rule: 'confirmed' })
    expect(spc?.messages.ARes).toEqual(JSON.parse(JSON.stringify(first.ares)))
    expect(spc?.proofs).toMatchObject([
      {
        method: 'passkey',
        state: 'proved',
        signed: { evidence: { kind: 'payment', asked: { payeeName: 'Tea & Co' } } },
      },
    ])
    expect(JSON.parse(spc?.proofs[0]?.signed?.text ?? '')).toMatchObject({ amount: '12800' })
    expect(await verify(document)).toMatchObject({ kind: 'valid', signatures: 1 })
    expect(await verify(await evidenceOf(first.acsTransID))).toMatchObject({ kind: 'valid', signatures: 1 })
  })

  test('whose signature is over something else is found wrong', async () => {
    const { first, ares } = await confirmed()
    await at.sql`update challenge_proofs set evidence = jsonb_set(evidence, '{asked,value}', '"1"')
      where challenge_id = (select id from challenges where acs_trans_id = ${first.acsTransID})`
    expect(await verify(await evidenceOf(ares.acsTransID))).toMatchObject({ kind: 'signature-wrong' })
  })

  test('has no card number', async () => {
    const { ares } = await confirmed()
    expect(await evidenceOf(ares.acsTransID)).not.toContain(cards.hanako)
  })
})

describe('a new passkey', () => {
  async function registering() {
    await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
      values (${alex}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()}) on conflict do nothing`
    const session = { cardholderId: alex, method: 'passkey', device: 'a browser', proofSince: 0 } as const
    const actor = await resumeSession(await transaction(tx => openSession(tx, session)))
    const who = { network: randomUUID(), visit: randomUUID() }
    const started = actor && (await startRegistering(who, actor))
    if (started?.kind !== 'options') throw new Error(started?.kind ?? 'signed out')
    const { options } = started
    const response = new Authenticator([]).create(options, 'https://acs.test')
    const device = { token: randomUUID(), name: 'a phone' }
    expect(await finishRegistering(who, actor as Actor, device, JSON.stringify(response))).toEqual({ kind: 'added' })
    const [row] = await at.sql`select confirms_payments from passkeys where credential_id = ${response.id}`
    return { options, confirmsPayments: row?.confirms_payments }
  }

  test('is made for payments, on the device itself', async () => {
    const { options, confirmsPayments } = await registering()
    expect(options).toMatchObject({
      extensions: { payment: { isPayment: true } },
      authenticatorSelection: {
        authenticatorAttachment: 'platform',
        residentKey: 'required',
        userVerification: 'required',
      },
    })
    expect(confirmsPayments).toBe(true)
  })

  test('is an ordinary one while the issuer has not switched it on', async () => {
    useSpc(false)
    const { options, confirmsPayments } = await registering()
    expect(options.extensions).not.toHaveProperty('payment')
    expect(options.authenticatorSelection).not.toHaveProperty('authenticatorAttachment')
    expect(confirmsPayments).toBe(false)
    useSpc(true)
  })
})
