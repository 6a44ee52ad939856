import type { Queryable } from '#db/client.ts'
import { preferencesOf } from '#db/queries/preferences.ts'
import { keys } from '../platform/keys.ts'

// The phrase by which a cardholder tells the real window and the real e-mail from false ones. Stored encrypted.

/** A cardholder's personal message; undefined where none was chosen. */
export async function personalMessageOf(tx: Queryable, cardholderId: string): Promise<string | undefined> {
  return openPersonalMessage(await preferencesOf(tx, cardholderId))
}

export async function openPersonalMessage(row: Awaited<ReturnType<typeof preferencesOf>>): Promise<string | undefined> {
  return row?.greeting ? keys().open('contact', row.greeting, personalMessageContext(row.cardholderId)) : undefined
}

export function sealPersonalMessage(cardholderId: string, message: string): Promise<string> {
  return keys().seal('contact', message, personalMessageContext(cardholderId))
}

/** Bound to its cardholder: another's does not open. */
export function personalMessageContext(cardholderId: string): string {
  return `${cardholderId}\0greeting`
}
