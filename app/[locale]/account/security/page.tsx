import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { formatTime } from '#domain/kernel/time.ts'
import { readSecurity } from '#server/account/security.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, requireActor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { pagesBelowSecurity } from '../shell/pages.ts'
import { RestrictionNote } from '../shell/restriction-note.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.security')} | ${config().issuer.brand.service}` }
}

/** Passkeys, devices, sessions and the last sign-in. */
export default async function SecurityPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const { restriction, counts, lastSignIn } = await readSecurity(await requireActor(locale))
  const say = await getTranslations({ locale, namespace: 'account' })
  return (
    <AccountPage locale={locale} page="security" title={say('pages.security')} lead={say('security.lead')}>
      {restriction && <RestrictionNote locale={locale} restriction={restriction} />}
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {pagesBelowSecurity().map(page => (
          <li key={page} className="card flex flex-col gap-1">
            <h2 className="text-base">
              <a href={addressOf(locale, page)} className="text-link">
                {say(`pages.${page}`)}
              </a>
            </h2>
            <p className="font-bold">{say(`security.counts.${page}`, { count: counts[page] })}</p>
            <p className="text-sm">{say(`security.about.${page}`)}</p>
          </li>
        ))}
      </ul>
      <section aria-labelledby="last" className="flex max-w-[40em] flex-col items-start gap-2">
        <h2 id="last">{say('security.lastHeading')}</h2>
        {lastSignIn ? (
          <p>
            {say('security.last', {
              time: formatTime(lastSignIn.at, locale),
              device: lastSignIn.device || say('activity.unknownDevice'),
              method: say(`activity.methods.${lastSignIn.method}`, { issuer: config().issuer.brand.issuer[locale] }),
            })}
          </p>
        ) : (
          <p className="text-soft">{say('security.lastNone')}</p>
        )}
        <a href={addressOf(locale, 'activity')} className="text-link">
          {say('security.activity')}
        </a>
      </section>
    </AccountPage>
  )
}
