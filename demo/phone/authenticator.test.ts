import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import { expect, test } from 'vitest'
import { Authenticator } from './authenticator.ts'

const origin = 'http://acs.localhost:3000'
const rpID = 'acs.localhost'

const registration = (excluded: { id: string }[] = []) =>
  generateRegistrationOptions({ rpID, rpName: 'SafeKey', userName: 'SafeKey', excludeCredentials: excluded })

async function register(authenticator: Authenticator): Promise<WebAuthnCredential> {
  const options = await registration()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: authenticator.create(options, origin),
    expectedChallenge: options.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  })
  if (!verified || !registrationInfo) throw new Error('not verified')
  expect(registrationInfo.userVerified).toBe(true)
  return registrationInfo.credential
}

test('makes a passkey and signs with it, and the signature counter grows', async () => {
  const authenticator = new Authenticator([])
  const credential = await register(authenticator)
  for (const counter of [1, 2]) {
    const options = await generateAuthenticationOptions({ rpID, allowCredentials: [{ id: credential.id }] })
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: authenticator.get(options, origin),
      expectedChallenge: options.challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential,
      requireUserVerification: true,
    })
    expect([verified, authenticationInfo.newCounter, authenticationInfo.userVerified]).toEqual([true, counter, true])
    credential.counter = authenticationInfo.newCounter
  }
})

test('signs for one challenge only', async () => {
  const authenticator = new Authenticator([])
  const credential = await register(authenticator)
  const [options, others] = [
    await generateAuthenticationOptions({ rpID }),
    await generateAuthenticationOptions({ rpID }),
  ]
  const checked = verifyAuthenticationResponse({
    response: authenticator.get(options, origin),
    expectedChallenge: others.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential,
  })
  await expect(checked).rejects.toThrow('challenge')
})

test('keeps its passkeys where they are stored', async () => {
  const stored: ConstructorParameters<typeof Authenticator>[0] = []
  const credential = await register(new Authenticator(stored))
  const options = await generateAuthenticationOptions({ rpID })
  expect(new Authenticator(JSON.parse(JSON.stringify(stored))).get(options, origin).id).toBe(credential.id)
})

test('refuses a page of another site, a second passkey, and a passkey that it does not have', async () => {
  const authenticator = new Authenticator([])
  const { id } = await register(authenticator)
  const foreign = await generateAuthenticationOptions({ rpID, allowCredentials: [{ id: 'AAAA' }] })
  const own = await generateAuthenticationOptions({ rpID })
  const again = await registration([{ id }])
  expect(() => authenticator.get(own, 'http://merchant.localhost:3001')).toThrow('cannot use passkeys')
  expect(() => authenticator.create(again, origin)).toThrow('already')
  expect(() => authenticator.get(foreign, origin)).toThrow('no passkey')
})
