import { database } from '#db/client.ts'
import { cardholderById } from '#db/queries/accounts.ts'
import { decryptName } from '../account/name.ts'
import { personalMessageOf } from '../account/personal-message.ts'
import type { Content, Message } from './message.ts'

/** What shows the cardholder that an e-mail is ours. Text messages have no room for it. */
export interface Addressee {
  readonly name?: string | undefined
  readonly personalMessage?: string | undefined
}

/**
 * The addressee of an e-mail to a cardholder. Nothing is revealed to an address that is not confirmed yet, because it
 * may be another person's. Only codes carry the personal message.
 */
export async function addresseeOf(
  { content, language }: Omit<Message, 'to'>,
  cardholderId: string | null,
): Promise<Addressee> {
  if (cardholderId === null || confirmsAddress(content)) return {}
  const owner = await cardholderById(database(), cardholderId)
  return {
    name: owner && (await decryptName(owner.names, cardholderId, language)),
    personalMessage: content.kind === 'notice' ? undefined : await personalMessageOf(database(), cardholderId),
  }
}

function confirmsAddress(content: Content): boolean {
  if (content.kind === 'payment-code') return content.registers === true
  return content.kind === 'code' && (content.words === 'contact' || content.words === 'enrolment')
}
