import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { passkeysOf } from '#db/queries/passkeys.ts'
import { isListable, mostCredentials, type SpcRequest, spcTransData, supportsSpc } from '#domain/emv/spc.ts'
import type { Language } from '#domain/kernel/language.ts'
import { confirmsPayment } from '#domain/methods/passkey.ts'
import { webAuthnChallenge } from '../account/passkey-assertion.ts'
import { relyingParty } from '../account/relying-party.ts'
import { codeRecipientsOf } from '../challenge/code-recipients.ts'
import { newRequest } from '../methods/passkey.ts'
import type { Identified } from './identify.ts'
import { codeRequestOf } from './new-challenge.ts'

/** A secure payment confirmation that an ARes with transStatus S asks for (EMV 3DS 2.3.1.1, 3.5.1). */
export interface SpcPlan {
  readonly asked: SpcRequest
  /** What the passkey signs, as in the window: kept until the second AReq. */
  readonly signed: { readonly request: string; readonly nonce: Buffer }
}

/**
 * Prepares a secure payment confirmation, for a cardholder who prefers a passkey. Undefined if the issuer does not use
 * it, the requestor does not support it, or no passkey may confirm the payment in a merchant's page.
 */
export async function planSpc(
  { request, at }: Identified,
  card: CardFound,
  language: Language,
  onDevice: boolean,
): Promise<SpcPlan | undefined> {
  const { message, version, ids, range, text } = request
  if (!range.spc || !supportsSpc(message, version)) return undefined
  const payment = { ...codeRequestOf(request, card, onDevice), acsTransID: ids.acsTransID }
  const recipients = await codeRecipientsOf(database(), payment, at)
  // The browser's dialog names merchant and amount, whatever page is around it.
  const facts = { ...recipients, foreignFrame: false }
  const listed = (await passkeysOf(database(), card.cardholderId))
    .filter(({ confirmsPayments, credentialId }) => confirmsPayments && isListable(credentialId))
    .filter(({ createdAt }) => confirmsPayment(createdAt, facts, at))
    .slice(0, mostCredentials)
  if (listed.length === 0) return undefined
  const signed = await newRequest(database(), payment)
  const challenge = Buffer.from(webAuthnChallenge(signed.nonce, signed.request)).toString('base64url')
  const displayName = `${range.spc.name[language]} •••• ${text('acctNumber')?.slice(-4)}`
  return {
    asked: {
      spcTransData: spcTransData(message, { displayName, icon: range.spc.icon }, challenge),
      webAuthnCredList: listed.map(({ credentialId }) => ({ rpID: relyingParty().rpID, credentialIds: credentialId })),
    },
    signed,
  }
}
