import { database } from '#db/client.ts'
import { accountBySignIn } from '#db/queries/accounts.ts'
import { type Begun, beginConfirmation, type CodeFailure, checkCode } from './confirmations.ts'
import { signsInHere } from './identity.ts'
import { openSession, type SessionToken } from './sessions.ts'
import { signInHmacs } from './sign-in-address.ts'
import { type Device, noticeNewDevice, type Visitor } from './visitor.ts'

/**
 * Sends a code to an address that can sign in. For any other address the work and the answer are the same, but no
 * message is sent.
 */
export async function beginSignIn(visitor: Visitor, email: string): Promise<Begun> {
  const hmacs = (await signInHmacs(email)).map(({ hmac }) => hmac)
  const account = signsInHere() ? await accountBySignIn(database(), hmacs) : undefined
  return beginConfirmation(visitor, {
    purpose: 'sign-in',
    channel: 'email',
    to: email,
    language: account?.language ?? 'ja',
    cardholderId: account?.cardholderId,
  })
}

export type SignedIn = { readonly kind: 'signed-in'; readonly token: SessionToken }

/**
 * Signs in by the code of the e-mail. Such a session may read, but not change anything that needs strong
 * authentication.
 */
export async function signInByCode(visitor: Visitor, device: Device, code: string): Promise<SignedIn | CodeFailure> {
  if (!signsInHere()) return { kind: 'unknown' }
  const answer = await checkCode(visitor, 'sign-in', code, async (tx, { cardholderId, language }) => {
    await noticeNewDevice(tx, { cardholderId, language }, device)
    return openSession(tx, { cardholderId, method: 'email', device: device.name })
  })
  return answer.kind === 'confirmed' ? { kind: 'signed-in', token: answer.value } : answer
}
