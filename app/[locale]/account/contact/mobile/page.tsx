import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { readContacts } from '#server/account/read-contacts.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { requireActor } from '../../actor.ts'
import { NewContact, newContactTitle } from '../new-contact.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  return { title: await newContactTitle(await languageOfPage(params), 'mobile') }
}

/** A new mobile number takes effect some business days after its code is entered; an address at once. */
export default async function NewMobilePage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const say = await getTranslations({ locale, namespace: 'account.contact.mobile' })
  return (
    <NewContact locale={locale} kind="mobile" actor={actor} contacts={await readContacts(actor)}>
      {say('hurry')}
    </NewContact>
  )
}
