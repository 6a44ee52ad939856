import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { Queryable } from '#db/client.ts'
import { lockPasskey, notePasskeyUse, type PasskeyRow } from '#db/queries/passkeys.ts'
import type { Evidence } from '#domain/approval/evidence.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { relyingParty } from './relying-party.ts'

// Verification of what an authenticator signed (WebAuthn Level 3, 7.2), for the account and for the challenge window.

type WebAuthnEvidence = Extract<Evidence, { kind: 'webauthn' }>

export type Assertion =
  | {
      readonly kind: 'right'
      readonly passkey: PasskeyRow
      readonly evidence: WebAuthnEvidence
      readonly crossOrigin: boolean
      /** The site that framed us, as the browser says; undefined at the top, and in browsers that do not say. */
      readonly topOrigin: string | undefined
    }
  | { readonly kind: 'wrong'; readonly passkey: PasskeyRow }
  /** No account has such a passkey. */
  | { readonly kind: 'unknown' }
  /** It is not the response of an authenticator. */
  | { readonly kind: 'malformed' }

/** The WebAuthn challenge for the signature of a payment, 64 bytes: a nonce, then the SHA-256 of the signed text. */
export function webAuthnChallenge(nonce: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([nonce, sha256(text)]))
}

/**
 * Verifies a response of an authenticator to a challenge (base64url), with user verification, and saves the passkey's counter.
 * `framed`: whether another site's page may contain ours. Which site that is is not checked, because any merchant may
 * open the window.
 */
export async function verifyAssertion(
  tx: Queryable,
  response: AuthenticationResponseJSON | undefined,
  { challenge, framed }: { readonly challenge: string; readonly framed: boolean },
): Promise<Assertion> {
  const said = response && clientDataOf(response)
  if (!response || !said) return { kind: 'malformed' }
  const passkey = await lockPasskey(tx, response.id)
  if (!passkey) return { kind: 'unknown' }
  if (said.crossOrigin && !framed) return { kind: 'wrong', passkey }
  const { origin } = relyingParty()
  const topOrigin = said.crossOrigin ? said.topOrigin : undefined
  const counter = await verifiedCounter(passkey, response, { challenge, origin, topOrigin })
  if (counter === undefined) return { kind: 'wrong', passkey }
  await notePasskeyCounter(tx, passkey, counter)
  return { kind: 'right', passkey, evidence: { kind: 'webauthn', ...signatureOf(passkey, response) }, ...said }
}

interface Expected {
  /** Base64url. */
  readonly challenge: string
  /** Of the page that asked. */
  readonly origin: string | string[]
  /** Of the page that framed it, if one did and may. */
  readonly topOrigin?: string | string[] | undefined
  readonly type?: 'payment.get'
}

/** Verifies a response with user verification. Returns the signature counter that it has; undefined if it is not valid. */
export async function verifiedCounter(
  passkey: Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'counter' | 'synced'>,
  response: AuthenticationResponseJSON,
  { challenge, origin, topOrigin, type }: Expected,
): Promise<number | undefined> {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: relyingParty().rpID,
    ...(topOrigin !== undefined && { expectedTopOrigin: topOrigin }),
    ...(type && { expectedType: type }),
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      // The devices that share a synced passkey need not share its counter.
      counter: passkey.synced ? 0 : passkey.counter,
    },
  }).catch(() => ({ verified: false, authenticationInfo: undefined }))
  return verified ? authenticationInfo?.newCounter : undefined
}

/** Saves the highest counter of a passkey that was used now. */
export async function notePasskeyCounter(tx: Queryable, passkey: PasskeyRow, counter: number): Promise<void> {
  if (counter < passkey.counter) log.warn('passkey.counter-fell', { cardholderId: passkey.cardholderId })
  await notePasskeyUse(tx, passkey.id, Math.max(counter, passkey.counter), now())
}

/** What proves a signature later, even after the passkey was removed. */
export function signatureOf({ credentialId, publicKey }: PasskeyRow, { response }: AuthenticationResponseJSON) {
  const { clientDataJSON, authenticatorData, signature } = response
  return {
    ...{ credentialId, publicKey: publicKey.toString('base64url') },
    ...{ clientDataJSON, authenticatorData, signature },
  }
}

function clientDataOf({ response }: AuthenticationResponseJSON) {
  try {
    const { crossOrigin, topOrigin } = decodeClientDataJSON(response.clientDataJSON)
    return { crossOrigin: crossOrigin === true, topOrigin: typeof topOrigin === 'string' ? topOrigin : undefined }
  } catch {
    return undefined
  }
}

/** Base64url (WebAuthn Level 3, 5.1): at most 1023 bytes. */
function isCredentialId(id: unknown): boolean {
  return typeof id === 'string' && /^[\w-]{1,1364}$/.test(id)
}

/**
 * Checks only that the JSON is an object with an id, by which the passkey is looked up; the library checks the rest.
 */
export function parseCredential<T extends { readonly id: string }>(credential: string): T | undefined {
  try {
    const json: unknown = JSON.parse(credential)
    const has = typeof json === 'object' && json !== null && 'id' in json && isCredentialId(json.id)
    return has ? (json as T) : undefined
  } catch {
    return undefined
  }
}
