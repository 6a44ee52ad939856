import { foldAddress } from '#domain/contact/address.ts'
import { type Hmac, keys } from '../platform/keys.ts'

/** The HMACs by which a sign-in address is looked up: one under every key of the ring. */
export function signInHmacs(email: string): Promise<Hmac[]> {
  return keys().macs('contact-lookup', `sign-in\0${foldAddress(email)}`)
}

/** The context that an encrypted sign-in address is bound to. */
export function signInContext(cardholderId: string): string {
  return `${cardholderId}\0sign-in`
}
