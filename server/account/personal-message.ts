import type { Queryable } from '#db/client.ts'
import { preferencesOf } from '#db/queries/preferences.ts'
import { keys } from '../platform/keys.ts'

// The phrase by which a cardholder recognises the real window and the real e-mail. It is stored encrypted.

/** A cardholder's personal message; undefined if the cardholder chose none. */
export async function personalMessageOf(tx: Queryable, cardholderId: string): Promise<string | undefined> {
  return decryptPersonalMessage(await preferencesOf(tx, cardholderId))
}

export async function decryptPersonalMessage(
  row: Awaited<ReturnType<typeof preferencesOf>>,
): Promise<string | undefined> {
  return row?.personalMessage
    ? keys().decrypt('contact', row.personalMessage, personalMessageContext(row.cardholderId))
    : undefined
}

export function encryptPersonalMessage(cardholderId: string, message: string): Promise<string> {
  return keys().encrypt('contact', message, personalMessageContext(cardholderId))
}

/** Binds the ciphertext to its cardholder: another cardholder's does not decrypt. */
export function personalMessageContext(cardholderId: string): string {
  return `${cardholderId}\0greeting`
}
