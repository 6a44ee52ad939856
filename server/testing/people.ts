import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { transaction } from '#db/client.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import type { Actor } from '../account/actor.ts'
import { confirmChange, requestChange } from '../account/change-contact.ts'
import { openSession, resumeSession } from '../account/sessions.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { cardNumber } from './cards.ts'
import type { Deployment } from './deployment.ts'
import type { SmsGatewayDouble } from './sms-gateway.ts'

/** A cardholder with an account, one card, and the contacts in the issuer's list. */
export interface Person {
  readonly ref: string
  readonly cardholderId: string
  readonly acctNumber: string
  readonly email: string | undefined
  readonly mobile: string | undefined
}

/** Cardholders of a deployment, their actions in the account, and the messages that they receive. */
export function peopleOf(at: () => Deployment, sms: SmsGatewayDouble, prefix: string) {
  let count = 0

  const lineOf = ({ ref, acctNumber, email, mobile }: Omit<Person, 'cardholderId'>) => ({
    ...{ cardNumber: acctNumber, cardholderId: ref, expiry: '2036-12', status: 'active', language: 'ja', names: {} },
    ...{ email, mobile },
  })

  const mailsTo = (address: string | undefined) =>
    at().mailbox.mails.filter(({ to }) => [to].flat().some(one => one?.text === address))
  const textsTo = (number: string | undefined) =>
    sms.taken.filter(({ to }) => to === number).map(({ text }) => text ?? '')

  /** An address or a number that no cardholder has yet. */
  const another = (kind: ContactKind) => {
    count += 1
    return kind === 'email' ? `new-${prefix}-${count}@cardholder.example` : `+8170${String(20_000_000 + count)}`
  }

  /** The code that was sent to a new contact. */
  const codeTo = (kind: ContactKind, to: string) => {
    const texts = kind === 'email' ? mailsTo(to).map(({ text }) => text ?? '') : textsTo(to)
    return texts.flatMap(text => /(?<![\w-])\d{6}(?![\w-])/.exec(text) ?? []).at(-1) ?? ''
  }

  async function actorOf(session: {
    readonly cardholderId: string
    readonly method: 'passkey' | 'email'
    readonly proofSince?: number
  }): Promise<Actor> {
    const token = await transaction(tx => openSession(tx, { ...session, device: 'a browser' }))
    const actor = await resumeSession(token)
    if (!actor) throw new Error('no session')
    return actor
  }

  return {
    ...{ lineOf, mailsTo, textsTo, another, codeTo },

    async person(contacts: { readonly email?: false; readonly mobile?: false } = {}): Promise<Person> {
      count += 1
      const ref = `${prefix}-${count}`
      const acctNumber = cardNumber(count)
      const email = contacts.email === false ? undefined : `${ref}@cardholder.example`
      const mobile = contacts.mobile === false ? undefined : `+8180${String(10_000_000 + count)}`
      await at().importList([lineOf({ ref, acctNumber, email, mobile })])
      const [row] = await at().sql`select id from cardholders where issuer_ref = ${ref}`
      const cardholderId = String(row?.id)
      await at().sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
        values (${cardholderId}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
      return { ref, cardholderId, acctNumber, email, mobile }
    },

    /** Signed in by passkey just now; the cardholder has had the passkey since `proofSince`. */
    strong({ cardholderId }: Person, proofSince = 0): Promise<Actor> {
      return actorOf({ cardholderId, method: 'passkey', proofSince })
    },

    /** Signed in by the code of an e-mail, as a thief who reads the mailbox can. */
    weak({ cardholderId }: Person): Promise<Actor> {
      return actorOf({ cardholderId, method: 'email' })
    },

    /** Requests a change and confirms it. */
    async change(actor: Actor, kind: ContactKind, to = another(kind)): Promise<string> {
      expect(await requestChange(actor, kind, to)).toEqual({ kind: 'sent' })
      await at().deliver()
      expect(await confirmChange(actor, kind, codeTo(kind, to))).toMatchObject({ kind: 'confirmed' })
      await at().deliver()
      return to
    },

    /** The link in the latest notice to an address with this subject. */
    linkTo: (address: string | undefined, subject: string) => {
      const mails = mailsTo(address).filter(mail => mail.subject?.includes(subject))
      return /\/account\/report\/([0-9a-f]{32})/.exec(mails.at(-1)?.text ?? '')?.[1] ?? ''
    },

    /** The code for "this was not me" in the latest text message to a number. */
    reportCodeTo: (number: string | undefined) =>
      textsTo(number)
        .flatMap(text => /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(text) ?? [])
        .at(-1) ?? '',

    /** The contacts that may receive codes. */
    async contactsOf({ cardholderId }: Person): Promise<string[]> {
      const contacts = await transaction(tx => decryptEffectiveContacts(tx, cardholderId, now()))
      return contacts.map(({ to }) => to)
    },

    /** Adds a passkey now. Returns its id. */
    async addPasskey({ cardholderId }: Person): Promise<string> {
      const id = randomUUID()
      await at()
        .sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
        values (${id}, ${cardholderId}, ${randomUUID()}, ${Buffer.from('key')}, 0, '[]', 'a', false, ${now()})`
      return id
    },

    /** The recipients of a purchase's codes; or its transStatus, if it is not challenged. */
    async codesFor({ acctNumber }: Person, purchaseAmount: string) {
      // Sends waiting messages first.
      await at().deliver()
      const ares = await at().areq({ acctNumber, purchaseAmount })
      if (ares.transStatus !== 'C') return ares.transStatus
      const opened = await at().creq(ares)
      if (opened.kind !== 'window') throw new Error(`no window: ${JSON.stringify(opened)}`)
      const before = { mails: at().mailbox.mails.length, texts: sms.taken.length }
      await at().deliver()
      const mails = at().mailbox.mails.slice(before.mails)
      return [
        ...mails.flatMap(({ to }) => [to].flat().map(one => one?.text)),
        ...sms.taken.slice(before.texts).map(({ to }) => to),
      ]
    },
  }
}
