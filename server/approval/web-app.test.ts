import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#db/client.ts'
import { findDevice } from '#db/queries/approval-devices.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { listApprovalDevices } from '../account/approval-devices.ts'
import { startPasskey } from '../account/passkey-ceremonies.ts'
import { removePasskey } from '../account/passkeys.ts'
import { registerDevice } from '../account/register-device.ts'
import { currentStep } from '../challenge/step.ts'
import { now } from '../platform/clock.ts'
import { newPrivateKey } from '../platform/crypto.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { PushServiceDouble } from '../testing/push-service.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { deviceOfCookie, subscribe } from './subscribe.ts'

// A browser is registered as an approval device, and subscribed to pushes.

const origin = 'https://acs.test'
let at: Deployment
const sms = new SmsGatewayDouble()
const service = new PushServiceDouble()
const people = peopleOf(() => at, sms, 'web-app')

beforeAll(async () => {
  await Promise.all([sms.start(), service.start()])
  at = await startDeployment({
    ...sms.settings(),
    PUSH_CONTACT: 'mailto:operations@issuer.example',
    PUSH_KEY: newPrivateKey(),
    PUSH_HOSTS: service.host,
  })
})
afterAll(async () => {
  await at.stop()
  await Promise.all([sms.stop(), service.stop()])
})
beforeEach(() => at.toNextMorning())

async function addPasskey({ cardholderId }: Person) {
  const [authenticator, id] = [new SoftwareAuthenticator(), randomUUID()]
  await at.sql`insert into passkeys
    (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
    values (${id}, ${cardholderId}, ${authenticator.credentialId}, ${authenticator.publicKey}, 0, '[]', 'a', false,
      ${new Date(now())})`
  return { authenticator, id }
}

/** Registers a browser with a passkey, as its script does. */
async function register(person: Person, authenticator: SoftwareAuthenticator, earlier?: string) {
  const [visitor, actor] = [{ visit: randomUUID(), network: randomUUID() }, await people.strong(person)]
  const begun = await startPasskey(visitor, 'confirm', actor)
  const challenge = begun.kind === 'options' ? begun.options.challenge : ''
  const credential = JSON.stringify(authenticator.sign(challenge, origin))
  const registered = await registerDevice(visitor, actor, { name: 'Chrome, Android', earlier }, credential)
  return { actor, registered, secret: registered.kind === 'registered' ? registered.secret : '' }
}

async function registeredDevice() {
  const person = await people.person()
  const { authenticator, id } = await addPasskey(person)
  const { secret, actor } = await register(person, authenticator)
  const device = await deviceOfCookie(secret)
  if (!device) throw new Error('no device')
  return { person, authenticator, passkeyId: id, actor, secret, device }
}

describe('registering a browser', () => {
  test('makes it an approval device of its cookie, and notifies every contact', async () => {
    const { person, device, actor, passkeyId, secret } = await registeredDevice()
    expect(device).toMatchObject({ kind: 'web', cardholderId: person.cardholderId, passkeyId, subscription: null })
    expect(await deviceOfCookie(`${secret.slice(1)}A`)).toBeUndefined()
    expect(await listApprovalDevices(actor)).toMatchObject([{ name: 'Chrome, Android', isNotified: false }])
    await at.deliver()
    expect(people.reportCodeTo(person.mobile)).not.toBe('')
  })

  test('is refused with a passkey of another cardholder, with none, and in a session by e-mail code', async () => {
    const [owner, other] = [await people.person(), await people.person()]
    const [{ authenticator: own }, { authenticator: foreign }] = [await addPasskey(owner), await addPasskey(other)]
    expect((await register(owner, foreign)).registered).toEqual({ kind: 'unknown' })
    const visitor = { visit: randomUUID(), network: randomUUID() }
    const device = { name: '', earlier: undefined }
    expect(await registerDevice(visitor, await people.strong(owner), device, 'nonsense')).toEqual({ kind: 'failed' })
    const weak = await people.weak(owner)
    const begun = await startPasskey(visitor, 'confirm', weak)
    const challenge = begun.kind === 'options' ? begun.options.challenge : ''
    const credential = JSON.stringify(own.sign(challenge, origin))
    expect(await registerDevice(visitor, weak, device, credential)).toEqual({ kind: 'stronger-authentication-needed' })
  })

  test('again replaces the device that the browser was, whosever it was', async () => {
    const { person, secret, device } = await registeredDevice()
    const other = await people.person()
    const { authenticator } = await addPasskey(other)
    await at.deliver()
    const again = await register(other, authenticator, secret)
    // The one whose device it was is told, on every contact.
    await at.deliver()
    expect(people.mailsTo(person.email).filter(({ subject }) => subject?.includes('端末が削除'))).toHaveLength(1)
    expect(people.textsTo(person.mobile).filter(text => text.includes('が削除されました'))).toHaveLength(1)
    expect(await deviceOfCookie(secret)).toBeUndefined()
    expect(await findDevice(database(), device.id)).toBeUndefined()
    expect(await deviceOfCookie(again.secret)).toMatchObject({ cardholderId: other.cardholderId })
  })

  test('ends at the greatest permitted number of devices', async () => {
    const person = await people.person()
    const { authenticator } = await addPasskey(person)
    for (let count = 0; count < accountPolicy.devices.perCardholder; count++)
      expect((await register(person, authenticator)).registered).toMatchObject({ kind: 'registered' })
    expect((await register(person, authenticator)).registered).toEqual({ kind: 'devices-spent' })
  })

  test('ends with its passkey', async () => {
    const { person, passkeyId, secret } = await registeredDevice()
    expect(await removePasskey(await people.strong(person), passkeyId)).toEqual({ kind: 'done' })
    expect(await deviceOfCookie(secret)).toBeUndefined()
  })
})

describe('a subscription', () => {
  test('is saved, and leaves the device that had it before', async () => {
    const [first, second] = [await registeredDevice(), await registeredDevice()]
    const text = JSON.stringify(service.subscription())
    expect(await subscribe(first.device, text)).toEqual({ kind: 'subscribed' })
    expect(await subscribe(second.device, text)).toEqual({ kind: 'subscribed' })
    expect(await deviceOfCookie(first.secret)).toMatchObject({ subscription: null })
    expect(await deviceOfCookie(second.secret)).toMatchObject({ subscription: service.subscription() })
  })

  test('is refused if it is malformed, its key is not a point on P-256, or its host is not a push service that we call', async () => {
    const { device, secret } = await registeredDevice()
    const { endpoint, keys } = service.subscription()
    for (const text of [
      'nonsense',
      '{}',
      JSON.stringify({ endpoint, keys: { ...keys, p256dh: `B${'A'.repeat(86)}` } }),
      JSON.stringify({ endpoint: 'https://evil.example/push', keys }),
      JSON.stringify({ endpoint: `http://user:password@${service.host}/`, keys }),
    ])
      expect(await subscribe(device, text)).toEqual({ kind: 'refused' })
    expect(await deviceOfCookie(secret)).toMatchObject({ subscription: null })
  })
})

test('the step of an unknown window is over', async () => {
  expect(await currentStep('A'.repeat(43))).toBe('over')
  expect(await currentStep('nonsense')).toBe('over')
})
