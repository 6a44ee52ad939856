import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allows, type Operation } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { confirmRefused } from '../watch/confirm-payment.ts'
import type { Actor } from './actor.ts'
import { removeApprovalDevice, renameApprovalDevice } from './approval-devices.ts'
import { unlockCodesOf } from './cards.ts'
import { cancelChange, confirmChange, requestChange, resendChangeCode, stopMobile } from './change-contact.ts'
import { closeAccount } from './close-account.ts'
import { sendConfirmingCode } from './confirm.ts'
import { confirmRegistered } from './confirm-registered.ts'
import { distrustMerchant, trustMerchantOf } from './merchants.ts'
import { readOverview } from './overview.ts'
import { readOwnData } from './own-data.ts'
import { beginPairing } from './pair-device.ts'
import { finishRegistering, startRegistering } from './passkey-ceremonies.ts'
import { removePasskey, renamePasskey } from './passkeys.ts'
import { answerPayment } from './payments.ts'
import { chooseLanguage, choosePersonalMessage, choosePreferredMethod } from './preferences.ts'
import { reportActivity } from './report-activity.ts'
import { resolveOwnReport } from './resolve-report.ts'
import { endOtherSessions, endSession } from './sessions.ts'
import { sendTestCode } from './test-code.ts'

// Use cases refuse exactly what domain/account/assurance.ts refuses, in every kind of session.

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'assurance')

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})

const visitor = () => ({ visit: randomUUID(), network: randomUUID() })
const device = { token: randomUUID(), name: 'Firefox, Linux' }

/** Every use case of each operation in a session. The subjects need not exist, because the refusal comes first. */
const useCases: Readonly<
  Record<
    Exclude<Operation, 'sign-in' | 'enrol' | 'report-by-notice' | 'answer-request'>,
    readonly ((actor: Actor) => Promise<unknown>)[]
  >
> = {
  'view-account': [readOverview],
  'download-data': [readOwnData],
  'change-contact': [actor => requestChange(actor, 'email', people.another('email'))],
  'enter-change-code': [
    actor => confirmChange(actor, 'email', '012345'),
    async actor => ({ kind: await resendChangeCode(actor, 'email') }),
  ],
  'cancel-change': [async actor => ({ kind: await cancelChange(actor, 'email') })],
  'confirm-contact': [actor => confirmRegistered(actor, 'email')],
  'stop-mobile': [stopMobile],
  'resolve-report': [actor => resolveOwnReport(actor, 'was-me')],
  'report-entry': [actor => reportActivity(actor, 'payment', randomUUID())],
  'send-test-code': [sendTestCode],
  'step-up': [actor => sendConfirmingCode(visitor(), actor)],
  'add-passkey': [
    actor => startRegistering(visitor(), actor),
    actor => finishRegistering(visitor(), actor, device, '{"id":"a"}'),
  ],
  'remove-passkey': [actor => removePasskey(actor, randomUUID())],
  'rename-passkey-or-device': [
    actor => renamePasskey(actor, randomUUID(), 'a'),
    actor => renameApprovalDevice(actor, randomUUID(), 'a'),
  ],
  'add-device': [beginPairing],
  'remove-device': [actor => removeApprovalDevice(actor, randomUUID())],
  'trust-merchant': [actor => trustMerchantOf(actor, randomUUID())],
  'distrust-merchant': [actor => distrustMerchant(actor, randomUUID())],
  'answer-payment': [actor => answerPayment(actor, randomUUID(), 'approved')],
  'confirm-refused-payment': [actor => confirmRefused(actor, randomUUID())],
  'unlock-codes': [actor => unlockCodesOf(actor, '0005')],
  'change-settings': [
    actor => chooseLanguage(actor, 'en'),
    actor => choosePersonalMessage(actor, 'ひまわり'),
    actor => choosePreferredMethod(actor, 'account'),
  ],
  'end-sessions': [actor => endSession(actor, randomUUID()), endOtherSessions],
  'close-account': [actor => closeAccount(actor, undefined)],
}

const sessions: Readonly<Record<string, (owner: Person) => Promise<Actor>>> = {
  'by e-mail code': people.weak,
  'with a strong proof of some time ago': async owner => ({
    ...(await people.strong(owner)),
    strongAt: now() - accountPolicy.freshFor,
  }),
  'with a strong proof just now': owner => people.strong(owner),
  'with a proof just now that is younger than a dispute': async owner => {
    const disputedSince = now() - 1
    await at.sql`update cardholders set disputed_since = ${disputedSince} where id = ${owner.cardholderId}`
    return { ...(await people.strong(owner, now())), disputedSince }
  },
}

describe.each(Object.entries(sessions))('a session %s', (_name, begin) => {
  test.each(Object.keys(useCases) as (keyof typeof useCases)[])(
    '%s is refused only where the table says so',
    async operation => {
      const actor = await begin(await people.person())
      const allowed = allows(operation, actor, now())
      for (const run of useCases[operation]) {
        const answer = (await run(actor)) as { readonly kind?: string }
        expect(answer.kind === 'stronger-authentication-needed').toBe(!allowed)
      }
    },
  )
})
