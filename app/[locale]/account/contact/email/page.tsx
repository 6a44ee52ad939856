import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { type ContactShown, readContacts } from '#server/account/read-contacts.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { requireActor } from '../../actor.ts'
import { largerPayments } from '../../shell/larger-payments.ts'
import { NewContact, newContactTitle } from '../new-contact.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  return { title: await newContactTitle(await languageOfPage(params), 'email') }
}

/** A new e-mail address takes effect as soon as its code is entered. */
export default async function NewEmailPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const contacts = await readContacts(actor)
  return (
    <NewContact locale={locale} kind="email" actor={actor} contacts={contacts}>
      {await restrictionWords(locale, contacts.mobile)}
    </NewContact>
  )
}

/** What is restricted for a day after the change. The rule is in domain/contact/code-recipients.ts. */
async function restrictionWords(locale: Language, mobile: ContactShown): Promise<string> {
  const say = await getTranslations({ locale, namespace: 'account.contact.email.watched' })
  const hours = contactPolicy.newEmailRestricted / 3_600_000
  if (mobile.masked && !mobile.frozen) return say('mobile', { hours, mobile: mobile.masked })
  return say('none', { hours, above: await largerPayments(locale) })
}
