import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { formatMonth, formatTime } from '#domain/kernel/time.ts'
import { listCards } from '#server/account/cards.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { requireActor } from '../actor.ts'
import { StepButton } from '../form/step-button.tsx'
import { AccountPage } from '../shell/account-page.tsx'
import { unlock } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.cards')} | ${config().issuer.brand.service}` }
}

/** The state of each card and what the cardholder can do about it. */
export default async function CardsPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const cards = await listCards(await requireActor(locale))
  const say = await getTranslations({ locale, namespace: 'account.cards' })
  const { brand } = config().issuer
  return (
    <AccountPage locale={locale} page="cards" title={say('title')} lead={say('lead')}>
      {cards.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <ul className="grid max-w-[60em] gap-4 lg:grid-cols-2">
          {cards.map(({ lastFour, state, lockedUntil, expiresAt }) => (
            <li key={`${lastFour}-${expiresAt}`} className="card flex flex-col gap-2">
              <h2 id={`card-${lastFour}-${expiresAt}`} className="text-lg">
                {say('ending', { lastFour })}
              </h2>
              <dl className="grid grid-cols-[auto_1fr] gap-x-4">
                <dt className="text-soft">{say('state')}</dt>
                <dd className="font-bold">{say(`states.${state}`)}</dd>
                <dt className="text-soft">{say('valid')}</dt>
                <dd>{say('until', { month: formatMonth(expiresAt - 1, locale) })}</dd>
              </dl>
              <p>
                {state !== 'locked'
                  ? say(`next.${state}`, { issuer: brand.issuer[locale] })
                  : lockedUntil === undefined
                    ? say('next.stopped-codes')
                    : say('next.limited', { time: formatTime(lockedUntil, locale) })}
              </p>
              {state === 'locked' && (
                <StepButton
                  action={unlock}
                  locale={locale}
                  fields={{ lastFour }}
                  describedBy={`card-${lastFour}-${expiresAt}`}
                >
                  {say('unlock')}
                </StepButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className="max-w-[40em] text-sm text-soft">{brand.support[locale]}</p>
    </AccountPage>
  )
}
