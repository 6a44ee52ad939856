import { foldAddress } from '#domain/contact/address.ts'
import { type Hmac, keys } from '../platform/keys.ts'

/** Under every key still held: how an address is looked up. */
export function signInHmacs(email: string): Promise<Hmac[]> {
  return keys().macs('contact-lookup', `sign-in\0${foldAddress(email)}`)
}

/** What an encrypted sign-in address is bound to. */
export function signInContext(cardholderId: string): string {
  return `${cardholderId}\0sign-in`
}
