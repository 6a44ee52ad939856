import {
  type AuthenticationExtensionsClientInputs,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { COSEALG } from '@simplewebauthn/server/helpers'
import { database, type Queryable, transaction } from '#db/client.ts'
import { accountOf, cardholderById } from '#db/queries/accounts.ts'
import * as db from '#db/queries/passkeys.ts'
import { allows } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newId, sha256 } from '../platform/crypto.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { forgiveAccount } from './attempts.ts'
import { signsInHere } from './identity.ts'
import { parseCredential, verifyAssertion } from './passkey-assertion.ts'
import { notePasskeyAdded, passkeysToConfirm } from './passkeys.ts'
import { relyingParty } from './relying-party.ts'
import { lockFor, openSession, type SessionToken, strengthen } from './sessions.ts'
import { type Device, noticeNewDevice, type Visitor } from './visitor.ts'

// WebAuthn Level 3. A challenge belongs to one browser and purpose and can be answered once, whether the answer is
// right or wrong.

type Purpose = 'sign-in' | 'confirm' | 'register'
export type Refused = {
  readonly kind: 'limited' | 'unknown' | 'stronger-authentication-needed' | 'signed-out' | 'failed'
}

/** Algorithms that every supported Node.js version verifies, so that a passkey works on all of them. */
const algorithms = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256]

/**
 * The extension without which browsers let no merchant's page use a passkey (Secure Payment Confirmation, 5). They make
 * such passkeys on the device itself only. The library does not know it.
 */
const forPayments = { payment: { isPayment: true } } as AuthenticationExtensionsClientInputs

/** Whether the issuer lets merchants' pages ask for passkeys. */
function offersSpc(): boolean {
  return config().issuer.ranges.some(({ spc }) => spc !== undefined)
}

/** Options to sign in with any of our passkeys that the browser has, or to confirm with one of the actor's own. */
export async function startPasskey(visitor: Visitor, purpose: 'sign-in' | 'confirm', actor?: Actor) {
  if ((await countTry('passkeysFromNetwork', visitor.network)).kind === 'limited') return { kind: 'limited' } as const
  if (purpose === 'confirm' && !actor) return { kind: 'signed-out' } as const
  const own = purpose === 'confirm' && actor ? await passkeysToConfirm(actor) : []
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().rpID,
    userVerification: 'required',
    timeout: accountPolicy.passkeyTime,
    allowCredentials: own.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
  })
  await keepChallenge(visitor, purpose, options.challenge)
  return { kind: 'options', options } as const
}

/** Options to register a passkey, for a cardholder whose session is strong enough to make changes. */
export async function startRegistering(visitor: Visitor, actor: Actor) {
  if (!signsInHere()) return { kind: 'failed' } as const
  if (!allows('add-passkey', actor, now())) return { kind: 'stronger-authentication-needed' } as const
  const account = await accountOf(database(), actor.cardholderId)
  const own = await db.passkeysOf(database(), actor.cardholderId)
  if (!account || own.length >= accountPolicy.passkeysPerCardholder) return { kind: 'limited' } as const
  const { rpID, rpName } = relyingParty()
  const options = await generateRegistrationOptions({
    rpID,
    rpName,
    // The name under which the device lists the passkey. It is not the e-mail address, because others may see the list.
    userName: rpName,
    userDisplayName: config().issuer.brand.issuer[actor.language],
    userID: new Uint8Array(Buffer.from(account.userHandle, 'base64url')),
    attestationType: 'none',
    timeout: accountPolicy.passkeyTime,
    excludeCredentials: own.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: {
      residentKey: 'required',
      userVerification: 'required',
      ...(offersSpc() && { authenticatorAttachment: 'platform' }),
    },
    ...(offersSpc() && { extensions: forPayments }),
    supportedAlgorithmIDs: algorithms,
  })
  await keepChallenge(visitor, 'register', options.challenge)
  return { kind: 'options', options } as const
}

export async function signInByPasskey(
  visitor: Visitor,
  device: Device,
  credential: string,
): Promise<{ readonly kind: 'signed-in'; readonly token: SessionToken } | Refused> {
  return withPasskey(visitor, 'sign-in', credential, async (tx, { cardholderId, createdAt: proofSince }) => {
    const owner = await cardholderById(tx, cardholderId)
    if (!owner || !(await accountOf(tx, cardholderId))) return { kind: 'unknown' }
    await noticeNewDevice(tx, { cardholderId, language: owner.language }, device)
    const session = { cardholderId, method: 'passkey', device: device.name, proofSince } as const
    return { kind: 'signed-in', token: await openSession(tx, session) }
  })
}

/** Confirms by a passkey of the actor's own; another cardholder's passkey is `unknown`. */
export async function confirmByPasskey(
  visitor: Visitor,
  actor: Actor,
  credential: string,
): Promise<{ readonly kind: 'fresh'; readonly token: SessionToken } | Refused> {
  return withPasskey(visitor, 'confirm', credential, async (tx, passkey) =>
    passkey.cardholderId === actor.cardholderId
      ? { kind: 'fresh', token: await strengthen(tx, actor, passkey.createdAt) }
      : { kind: 'unknown' },
  )
}

/** Verifies one of the actor's own passkeys for an operation of its own, and leaves the session as it is. */
export async function provePasskey(
  visitor: Visitor,
  actor: Actor,
  credential: string,
): Promise<{ readonly kind: 'proved'; readonly passkey: db.PasskeyRow } | Refused> {
  return withPasskey(visitor, 'confirm', credential, async (_tx, passkey) =>
    passkey.cardholderId === actor.cardholderId ? { kind: 'proved', passkey } : { kind: 'unknown' },
  )
}

export async function finishRegistering(
  visitor: Visitor,
  actor: Actor,
  device: Device,
  credential: string,
): Promise<{ readonly kind: 'added' } | Refused> {
  const challenge = await takeChallenge(visitor, 'register')
  const response = parseCredential<RegistrationResponseJSON>(credential)
  if (!allows('add-passkey', actor, now())) return { kind: 'stronger-authentication-needed' }
  if (challenge === undefined || !response) return { kind: 'failed' }
  const { rpID, origin } = relyingParty()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => ({ verified: false, registrationInfo: undefined }))
  if (!verified || !registrationInfo) return { kind: 'failed' }
  const { id, publicKey, counter, transports } = registrationInfo.credential
  return transaction(async tx => {
    if (!(await lockFor(tx, 'add-passkey', actor))) return { kind: 'stronger-authentication-needed' }
    const at = now()
    const passkeyId = newId(at)
    const inserted = await db.insertPasskey(tx, {
      id: passkeyId,
      cardholderId: actor.cardholderId,
      credentialId: id,
      publicKey: Buffer.from(publicKey),
      counter,
      transports: knownTransports(transports),
      name: device.name,
      synced: registrationInfo.credentialBackedUp,
      confirmsPayments: offersSpc(),
      createdAt: at,
    })
    if (!inserted) return { kind: 'failed' }
    await notePasskeyAdded(tx, actor, passkeyId, device, at)
    return { kind: 'added' }
  })
}

/** Verifies an authenticator's response, and runs `then` in the transaction that saves the signature counter. */
async function withPasskey<T>(
  visitor: Visitor,
  purpose: 'sign-in' | 'confirm',
  credential: string,
  then: (tx: Queryable, passkey: db.PasskeyRow) => Promise<T | Refused>,
): Promise<T | Refused> {
  if (!signsInHere()) return { kind: 'unknown' }
  const challenge = await takeChallenge(visitor, purpose)
  if (challenge === undefined) return { kind: 'failed' }
  return transaction(async tx => {
    // No other site can frame the account's pages.
    const assertion = await verifyAssertion(tx, parseCredential(credential), { challenge, framed: false })
    if (assertion.kind === 'malformed') return { kind: 'failed' }
    if (assertion.kind === 'unknown') {
      await audit(tx, failed(purpose, 'unknown'))
      log.info('passkey.checked', { kind: purpose, outcome: 'unknown' })
      return { kind: 'unknown' }
    }
    const { cardholderId } = assertion.passkey
    log.info('passkey.checked', { kind: purpose, outcome: assertion.kind, cardholderId })
    if (assertion.kind === 'wrong') {
      await audit(tx, { ...failed(purpose, 'wrong'), cardholderId })
      return { kind: 'failed' }
    }
    await forgiveAccount(tx, cardholderId)
    return then(tx, assertion.passkey)
  })
}

/** The audit event of a passkey that failed. */
function failed(purpose: 'sign-in' | 'confirm', why: 'wrong' | 'unknown') {
  return { type: purpose === 'sign-in' ? 'sign-in-failed' : 'strengthening-failed', method: 'passkey', why } as const
}

async function keepChallenge(visitor: Visitor, purpose: Purpose, challenge: string): Promise<void> {
  const expiresAt = now() + accountPolicy.passkeyTime
  await db.writePasskeyChallenge({ visit: sha256(visitor.visit), purpose, challenge, expiresAt })
}

function takeChallenge(visitor: Visitor, purpose: Purpose): Promise<string | undefined> {
  return db.takePasskeyChallenge(sha256(visitor.visit), purpose, now())
}

/**
 * AuthenticatorTransport (WebAuthn Level 3, 5.8.4) and the older name of `hybrid`. The library passes on values that it
 * does not know.
 */
const transportNames: readonly unknown[] = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal', 'cable']

function knownTransports(said: unknown): string[] {
  return Array.isArray(said) ? [...new Set(said.filter(name => transportNames.includes(name)))] : []
}
