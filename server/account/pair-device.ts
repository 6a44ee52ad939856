import { calculateJwkThumbprint, importJWK } from 'jose'
import { transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import * as db from '#db/queries/approval-devices.ts'
import { type PairingRequest, pairingProofType, readPairing } from '#domain/account/approval-device.ts'
import { allows } from '#domain/account/assurance.ts'
import { printCrockfordCode, readCrockfordCode } from '#domain/code/crockford-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { verifyDeviceProof } from '../approval/device-proof.ts'
import { drawLookupCode, lookupHmacs } from '../codes/lookup-code.ts'
import { now } from '../platform/clock.ts'
import { newRandomId } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { addDevice, hasNoPlace } from './approval-devices.ts'
import { lockFor } from './sessions.ts'

// Pairs a device that may then approve payments: the cardholder reads a code on a page, and the issuer's app sends it
// with the device's own key. The request and the response are described in docs/approval-devices.md.

/** The path in the audience of the proof. */
export const pairingPath = '/api/devices/pair'

export type PairingBegun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'stronger-authentication-needed' }
  /** The cardholder has the greatest permitted number of devices, or is not enrolled. */
  | { readonly kind: 'devices-spent' }

/** Makes a pairing code. An earlier one is no longer valid. */
export async function beginPairing(actor: Actor): Promise<PairingBegun> {
  if (!allows('add-device', actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId, sessionId } = actor
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'add-device', actor))) return { kind: 'stronger-authentication-needed' }
    if (await hasNoPlace(tx, cardholderId)) return { kind: 'devices-spent' }
    const { code, hmac, keyId } = await drawLookupCode('pairing')
    await db.replacePairingCode(tx, {
      cardholderId,
      sessionId,
      hmac,
      keyId,
      code: await keys().encrypt('contact', code, contextOf(cardholderId)),
      expiresAt: at + codePolicy.pairing.lifetime,
    })
    log.info('device.pairing-begun', { cardholderId })
    return { kind: 'begun' }
  })
}

/** The unused, unexpired code that was made in this session, as the page shows it. */
export async function waitingPairing({ cardholderId, sessionId }: Actor) {
  const row = await db.findPairingCode(cardholderId, sessionId, now())
  if (!row) return undefined
  const code = await keys().decrypt('contact', row.code, contextOf(cardholderId))
  return { code: printCrockfordCode(code), expiresAt: row.expiresAt }
}

export type Paired =
  | { readonly kind: 'paired'; readonly id: string; readonly name: string; readonly createdAt: number }
  | { readonly kind: 'malformed'; readonly field: string }
  | { readonly kind: 'limited'; readonly until: number }
  /** The key is not a point on the curve. */
  | { readonly kind: 'key-bad' }
  /** The proof is not signed by that key, or is signed for another code or audience. */
  | { readonly kind: 'proof-bad' }
  /** The code is wrong, used, replaced or expired; the answer does not say which. */
  | { readonly kind: 'code-unknown' }
  | { readonly kind: 'key-known' }
  | { readonly kind: 'devices-spent' }

/** Handles a pairing request of an app. `text`: the raw body; `network`: the sender's network, for limits. */
export async function pairDevice(text: string, network: string): Promise<Paired> {
  const permission = await countTry('pairingsFromNetwork', network)
  if (permission.kind === 'limited') return permission
  const read = readPairing(parse(text))
  if (read.kind === 'malformed') return read
  const { pairing } = read
  const code = readCrockfordCode(pairing.code)
  const wrong = await checkProof(pairing, code)
  if (wrong) return { kind: wrong }
  if (!code) return { kind: 'code-unknown' }
  const answer = await take(pairing, code)
  log.info('device.paired', { outcome: answer.kind })
  return answer
}

async function take(pairing: PairingRequest, code: string): Promise<Paired> {
  const hmacs = await lookupHmacs('pairing', code)
  const thumbprint = await calculateJwkThumbprint(pairing.publicKey)
  return transaction(async tx => {
    const at = now()
    // The cardholder's row is locked first, as reports do, to avoid a deadlock.
    const cardholderId = await db.ownerOfPairingCode(tx, hmacs, at)
    const owner = cardholderId === undefined ? undefined : await lockCardholder(tx, cardholderId)
    if (!owner || !(await db.takePairingCode(tx, hmacs))) return { kind: 'code-unknown' }
    if (await hasNoPlace(tx, owner.id)) return { kind: 'devices-spent' }
    const { name, platform, publicKey } = pairing
    const id = newRandomId()
    const row = { id, name, platform, publicKey, thumbprint, createdAt: at }
    if (!(await addDevice(tx, owner, row))) return { kind: 'key-known' }
    return { kind: 'paired', id, name, createdAt: at }
  })
}

/** Checks that the sender holds the private key: it must have signed this code and our audience. */
async function checkProof({ publicKey, proof }: PairingRequest, code: string | undefined) {
  const key = await importJWK({ ...publicKey }, 'ES256').catch(() => undefined)
  if (!key) return 'key-bad'
  const payload = await verifyDeviceProof(publicKey, proof, { typ: pairingProofType, path: pairingPath })
  const { code: signed } = (payload ?? {}) as { readonly code?: unknown }
  return typeof signed === 'string' && readCrockfordCode(signed) === code ? undefined : 'proof-bad'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function contextOf(cardholderId: string): string {
  return `pairing\0${cardholderId}`
}
