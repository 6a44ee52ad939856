import { transaction } from '#db/client.ts'
import { latestContacts } from '#db/queries/contacts.ts'
import { confirmContact } from '#db/queries/registrations.ts'
import { openReportOf } from '#db/queries/reports.ts'
import { sessionMethod } from '#db/queries/sessions.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { confirmsContact } from '#domain/registration/confirm.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { lockFor } from './sessions.ts'

export type ConfirmedRegistered = {
  readonly kind:
    | 'confirmed'
    | 'stronger-authentication-needed'
    /** What the session has shown may have come with the contact. */
    | 'unproved'
    | 'nothing-to-do'
}

/**
 * "This is mine", about a contact that was registered in the window of a purchase. From then on it is a contact as any
 * other. It is never confirmed by itself: a cardholder who enrols might confirm a thief's address without seeing it.
 */
export async function confirmRegistered(actor: Actor, kind: ContactKind): Promise<ConfirmedRegistered> {
  return transaction(async tx => {
    const { cardholderId, sessionId, proofSince } = actor
    if (!(await lockFor(tx, 'confirm-contact', actor))) return { kind: 'stronger-authentication-needed' }
    const contact = (await latestContacts(tx, cardholderId, now())).find(row => row.kind === kind)
    const since = contact?.provisionalSince ?? undefined
    if (!contact || contact.frozenAt !== null) return { kind: 'nothing-to-do' }
    // Pressed twice.
    if (since === undefined) return { kind: 'confirmed' }
    if ((await openReportOf(tx, cardholderId)).reportOpenSince) return { kind: 'nothing-to-do' }
    const method = await sessionMethod(tx, sessionId)
    if (!method || !confirmsContact({ method, proofSince }, since)) return { kind: 'unproved' }
    await confirmContact(tx, cardholderId, contact.id)
    await audit(tx, { type: 'contact-confirmed', contact: kind, cardholderId, ref: contact.id })
    log.info('contact.confirmed', { cardholderId, kind })
    return { kind: 'confirmed' }
  })
}
