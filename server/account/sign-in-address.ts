import { foldAddress } from '#domain/contact/address.ts'
import { keys, type Tag } from '../platform/keys.ts'

/** Under every key still held: how an address is looked up. */
export function signInTags(email: string): Promise<Tag[]> {
  return keys().macs('contact-lookup', `sign-in\0${foldAddress(email)}`)
}

/** What a sealed sign-in address is bound to. */
export function signInContext(cardholderId: string): string {
  return `${cardholderId}\0sign-in`
}
