import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { testCodeForm } from '#domain/account/contact-forms.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { readContacts } from '#server/account/read-contacts.ts'
import { lastTest } from '#server/account/test-code.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, requireActor } from '../../actor.ts'
import { StepButton } from '../../form/step-button.tsx'
import { StepErrors } from '../../form/step-errors.tsx'
import { titleOf } from '../../form/words.ts'
import { AccountPage } from '../../shell/account-page.tsx'
import { sendTest } from '../actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.contact.test' })
  return { title: await titleOf(locale, `${say('title')} | ${config().issuer.brand.service}`, [testCodeForm]) }
}

/** Sends a code that is accepted nowhere, to show on which channels codes arrive. */
export default async function TestPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const [seen, contacts] = [await lastTest(actor), await readContacts(actor)]
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const { brand } = config().issuer
  const [first] = seen
  return (
    <AccountPage
      locale={locale}
      page="contact/test"
      title={say('test.title')}
      lead={say('test.lead', { count: contactPolicy.testsPerDay })}
    >
      <StepErrors locale={locale} definition={testCodeForm} />
      <StepButton action={sendTest} locale={locale}>
        {say('test.send')}
      </StepButton>
      {first && (
        <section aria-labelledby="seen" className="flex max-w-[40em] flex-col items-start gap-3">
          <h2 id="seen">{say('test.seen', { time: formatTime(first.sentAt, locale) })}</h2>
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
            {seen.map(({ channel, state }) => (
              <div key={channel} className="contents">
                <dt>{contacts[channel === 'sms' ? 'mobile' : 'email'].masked ?? say(`test.${channel}`)}</dt>
                <dd className="font-bold">{say(`test.states.${state}`)}</dd>
              </div>
            ))}
          </dl>
          <p>
            <a href={addressOf(locale, 'contact/test')} className="text-link">
              {say('test.again')}
            </a>
          </p>
        </section>
      )}
      <section aria-labelledby="missing" className="flex max-w-[40em] flex-col gap-2">
        <h2 id="missing">{say('test.missing')}</h2>
        <ul className="points">
          <li>{say('test.missingEmail', { sender: brand.sender.address })}</li>
          <li>{say('test.missingSms')}</li>
          <li>{say('test.missingContact')}</li>
          <li>{brand.support[locale]}</li>
        </ul>
      </section>
      <p>
        <a href={addressOf(locale, 'contact')} className="text-link">
          {say('back')}
        </a>
      </p>
    </AccountPage>
  )
}
