import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { type Overrides, sample3RIAReq } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import type { Preference } from '#domain/methods/selection.ts'
import type { Actor } from '../account/actor.ts'
import { answerPayment } from '../account/payments.ts'
import { reportActivity } from '../account/report-activity.ts'
import { cancelChallenge, chooseMethod, submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { cards } from '../testing/cards.ts'
import type { Deployment } from '../testing/deployment.ts'
import { receipt } from '../testing/directory-server.ts'
import { everyFlow } from '../testing/flows.ts'
import { type MutualTls, startMutualTls } from '../testing/mutual-tls.ts'
import { type Device, Phone } from '../testing/phone.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'

// A few complete authentications of cardholders with a preferred method (decision 14) or trusted merchants (decision
// 13), in browsers and in apps, with every message between directory server and ACS over mutual TLS. Everything else
// about these: server/challenge/methods.test.ts, server/challenge/trust.test.ts,
// server/channels/app/answer-app.test.ts, server/channels/app/trust-in-app.test.ts.

let tls: MutualTls
let at: Deployment
let hanako: () => Actor
const sms = new SmsGatewayDouble()

beforeAll(async () => {
  await sms.start()
  tls = await startMutualTls(sms.settings(), { challengeAboveAtTrustedMerchant: { '392': '30000' } })
  at = tls.at
  hanako = await tls.enrol('hanako')
  // A cardholder without an e-mail address can trust merchants in the window.
  const line = { cardNumber: cards.unknown, expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  await at.importList([{ ...line, cardholderId: 'mobile-only', mobile: '+81 70-1000-0001' }])
  await tls.enrol('mobile-only')
})
afterAll(async () => {
  await tls.stop()
  await sms.stop()
})
beforeEach(() => {
  at.advance(policy.limits.sendsByOne.window / 1000 + 1)
  tls.double.react = receipt()
})

const prefer = (preferred: Preference) => at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
  values (${hanako().cardholderId}, ${preferred}, ${now()}) on conflict (cardholder_id) do update set preferred_method = ${preferred}`

/** Approves or declines in the account, while window or app waits. */
async function answered(id: string, said: 'approved' | 'declined') {
  expect(await answerPayment(hanako(), id, said)).toEqual({ kind: said })
}

/** The elements that report the method, by version: text message, e-mail, or out of band. */
const asked = (method: '02' | '05' | '08') => (version: MessageVersion) =>
  version === '2.3.1'
    ? { authenticationMethod: [method] }
    : { authenticationType: method === '08' ? '03' : '02', authenticationMethod: method }

const proven = { transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) }
const kindOf = async (windowKey: string) => (await showWindow(windowKey)).kind

describe('in a window, with a choice each time', () => {
  beforeEach(() => prefer('choose'))

  /** A window in which a method was selected. */
  async function chosen(version: MessageVersion, method: MethodId) {
    const opened = await tls.window(version)
    const methods = ['email-code', 'sms-code', 'account']
    expect(await showWindow(opened.windowKey)).toMatchObject({ kind: 'choosing', offered: { methods } })
    await chooseMethod(opened.windowKey, [method])
    await at.deliver()
    return opened
  }
  everyFlow(() => tls, '02', [
    {
      what: 'a code by text message',
      run: async version => {
        const { windowKey, acsTransID } = await chosen(version, 'sms-code')
        await submitAnswer(windowKey, sms.code)
        return acsTransID
      },
      result: { ...proven, interactionCounter: '02' },
      inWordsOf: asked('02'),
    },
    {
      what: 'the account, and approval there',
      run: async version => {
        const { windowKey, acsTransID } = await chosen(version, 'account')
        expect(await kindOf(windowKey)).toBe('awaiting-approval')
        await answered(acsTransID, 'approved')
        expect(await kindOf(windowKey)).toBe('ended')
        return acsTransID
      },
      result: { ...proven, interactionCounter: '02' },
      inWordsOf: asked('08'),
    },
  ])
})

describe('in a window that waits for approval in the account', () => {
  beforeEach(() => prefer('account'))

  async function waiting(version: MessageVersion) {
    const opened = await tls.window(version)
    expect(await kindOf(opened.windowKey)).toBe('awaiting-approval')
    return opened
  }

  everyFlow(() => tls, '02', [
    {
      what: 'approval there, and a window that never checks',
      run: async version => {
        const { acsTransID } = await waiting(version)
        await answered(acsTransID, 'approved')
        return acsTransID
      },
      result: proven,
      inWordsOf: asked('08'),
    },
    {
      what: 'declined there',
      run: async version => {
        const { windowKey, acsTransID } = await waiting(version)
        await answered(acsTransID, 'declined')
        expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', outcome: 'declined' })
        return acsTransID
      },
      result: { transStatus: 'N' },
      inWordsOf: asked('08'),
    },
    {
      what: 'cancelled in the meantime',
      run: async version => {
        const { windowKey, acsTransID } = await waiting(version)
        await cancelChallenge(windowKey)
        return acsTransID
      },
      result: { transStatus: 'N', challengeCancel: '01' },
      inWordsOf: asked('08'),
    },
    {
      what: 'reported there as not theirs',
      run: async version => {
        const { windowKey, acsTransID } = await waiting(version)
        expect(await reportActivity(hanako(), 'payment', acsTransID)).toEqual({ kind: 'reported' })
        await at.sql`update cardholders set report_open_since = null, disputed_since = null`
        expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', outcome: 'reported' })
        return acsTransID
      },
      result: { transStatus: 'R', transStatusReason: '11' },
    },
  ])
})

const template = (acsUiTemplate: string) => ({ acsRenderingType: expect.objectContaining({ acsUiTemplate }) })

/** A purchase in an app, up to its first screen, which the ARes has announced. */
async function shown(version: MessageVersion, acsUiType: string, device: Device, overrides: Overrides = {}) {
  // Sends notices of the previous flow first, so that the latest message is the code.
  await at.deliver()
  const { sdk, ares, id } = await tls.challengedInApp(version, device, overrides)
  expect(ares).toMatchObject(template(acsUiType))
  const screen = await sdk.send()
  expect(screen).toMatchObject({ acsUiType })
  await at.deliver()
  return { sdk, id, screen }
}

describe('in an app, with a choice each time', () => {
  beforeEach(() => prefer('choose'))

  everyFlow(() => tls, '01', [
    {
      what: 'one of all methods (02), the account',
      run: async version => {
        const { sdk, id } = await shown(version, '02', {})
        expect(await sdk.send({ challengeDataEntry: 'acct' })).toMatchObject({ acsUiType: '04' })
        await answered(id, 'approved')
        expect(await sdk.send(goOn(version))).toMatchObject({ transStatus: 'Y' })
        return id
      },
      result: { ...proven, ...template('02') },
      inWordsOf: asked('08'),
    },
  ])
})

/** The cardholder returns from the account. */
function goOn(version: MessageVersion) {
  return { oobContinue: version === '2.3.1' ? '01' : true }
}

describe('in an app that waits for approval in the account', () => {
  beforeEach(() => prefer('account'))

  const page: Device = { sdkInterface: '02', sdkUiType: ['05', '06'] }

  everyFlow(() => tls, '01', [
    {
      what: 'approval there (04), and an app that never returns',
      run: async version => {
        const { id } = await shown(version, '04', { sdkInterface: '01', sdkUiType: ['04'] })
        await answered(id, 'approved')
        return id
      },
      result: { ...proven, ...template('04') },
      inWordsOf: asked('08'),
    },
    {
      what: 'a code instead (04)',
      run: async version => {
        const { sdk, id } = await shown(version, '04', {})
        if (version === '2.3.1') await sdk.send({ challengeAddCode: 'Y' })
        else {
          // Its screen has no button for another method, so a cardholder who continues without an answer chooses one.
          expect(await sdk.send(goOn(version))).toMatchObject({ acsUiType: '02' })
          await sdk.send({ challengeDataEntry: 'both' })
        }
        await at.deliver()
        expect(await sdk.send({ challengeDataEntry: sms.code })).toMatchObject({ transStatus: 'Y' })
        return id
      },
      result: { ...proven, ...template('04') },
      inWordsOf: asked('02'),
    },
    {
      what: 'approval there, from a page (06)',
      since: '2.3.1',
      run: async version => {
        const { sdk, id } = await shown(version, '06', page)
        await answered(id, 'approved')
        expect(await sdk.send({ challengeHTMLDataEntry: 'do=continue' })).toMatchObject({ transStatus: 'Y' })
        return id
      },
      result: { ...proven, ...template('06') },
      inWordsOf: asked('08'),
    },
  ])
})

/** Another merchant each time. */
const newMerchant = () => ({ acctNumber: cards.unknown, acquirerMerchantID: randomUUID().slice(0, 30) })

/** The elements with a merchant's trust status: none in 2.1.0, and other names in 2.2.0 than in 2.3.1. */
const standing = (status: 'Y' | 'N') => (version: MessageVersion) => {
  if (version === '2.1.0') return {}
  const name = version === '2.3.1' ? 'trustListStatus' : 'whiteListStatus'
  return { [name]: status, [`${name}Source`]: '03' }
}

/** threeDSRequestorChallengeInd; 08: pass if trusted, 09: ask whether to trust. */
const wish = (ind: '08' | '09', version: MessageVersion) =>
  version !== '2.1.0' && { threeDSRequestorChallengeInd: version === '2.3.1' ? [ind] : ind }

/** A purchase authenticated in the window, with its box ticked. */
async function bought(version: MessageVersion, merchant: Overrides) {
  // Sends notices first, as in `shown`.
  await at.deliver()
  const { ares, windowKey, acsTransID } = await tls.window(version, { ...merchant, ...wish('09', version) })
  expect(ares).toMatchObject({ transStatus: 'C', ...standing('N')(version) })
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking', trust: { limit: 30_000n, wanted: false } })
  await at.deliver()
  await submitAnswer(windowKey, sms.code, true)
  return acsTransID
}

describe('in a window that offers to trust the merchant', () => {
  const next = (version: MessageVersion, merchant: Overrides) => tls.send(at.message(merchant, version))

  everyFlow(() => tls, '02', [
    {
      what: 'ticked, and the right code',
      run: version => bought(version, newMerchant()),
      result: proven,
      inWordsOf: standing('Y'),
    },
    {
      what: 'ticked: the next purchase there, which asks for its exemption',
      since: '2.2.0',
      run: async version => {
        const merchant = newMerchant()
        await bought(version, merchant)
        return next(version, { ...merchant, ...wish('08', version) })
      },
      result: proven,
      inWordsOf: standing('Y'),
    },
  ])
})

describe('in an app that offers to trust the merchant', () => {
  /** The same, with the SDK's own box ticked. */
  const own = async (version: MessageVersion, merchant: Overrides) => {
    const { sdk, id, screen } = await shown(version, '01', {}, { ...merchant, ...wish('09', version) })
    const box = version === '2.3.1' ? 'trustList' : 'whitelisting'
    expect(screen).toHaveProperty(`${box}InfoText`)
    const answer = { challengeDataEntry: sms.code, [`${box}DataEntry`]: 'Y' }
    expect(await sdk.send(answer)).toMatchObject({ transStatus: 'Y' })
    return id
  }
  const next = async (version: MessageVersion, merchant: Overrides) => tls.inApp(new Phone(), version, merchant)

  everyFlow(() => tls, '01', [
    {
      what: 'the SDK’s box: the next purchase there',
      since: '2.2.0',
      run: async version => {
        const merchant = newMerchant()
        await own(version, merchant)
        return next(version, merchant)
      },
      result: proven,
      inWordsOf: standing('Y'),
    },
  ])
})

describe('by a requestor that requests its trust status', () => {
  const ask = (version: MessageVersion, merchant: Overrides) => {
    const { dsReferenceNumber } = at.message()
    const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsReferenceNumber }
    const { acquirerBIN } = at.message()
    const identity = { acquirerBIN, ...merchant }
    return tls.send(sample3RIAReq(version, { ...ids, threeRIInd: '10', messageCategory: '02', ...identity }))
  }

  everyFlow(() => tls, '03', [
    {
      what: 'a trusted merchant',
      since: '2.2.0',
      category: '02',
      run: async version => {
        const merchant = newMerchant()
        await bought(version, merchant)
        return ask(version, merchant)
      },
      result: { transStatus: 'Y' },
      inWordsOf: standing('Y'),
    },
  ])
})
