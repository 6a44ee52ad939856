import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { listSessions } from '#server/account/sessions.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { requireActor } from '../actor.ts'
import { StepButton } from '../form/step-button.tsx'
import { AccountPage } from '../shell/account-page.tsx'
import { endOne, endOthers } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.sessions')} | ${config().issuer.brand.service}` }
}

/** The sessions of the cardholder. */
export default async function SessionsPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const sessions = await listSessions(await requireActor(locale))
  const say = await getTranslations({ locale, namespace: 'account.sessions' })
  const limits = { minutes: accountPolicy.idleTime / 60_000, hours: accountPolicy.sessionTime / 3_600_000 }
  return (
    <AccountPage locale={locale} page="sessions" title={say('title')} lead={say('lead', limits)}>
      <ul className="flex max-w-[40em] flex-col gap-4">
        {sessions.map(({ id, device, method, createdAt, lastSeenAt, current }) => (
          <li key={id} className="card flex flex-col gap-2">
            <h2 className="text-base" id={`session-${id}`}>
              {device || say('unknownDevice')}
              {current && <span className="ms-2 text-sm font-normal text-soft">{say('current')}</span>}
            </h2>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
              <dt className="text-soft">{say('since')}</dt>
              <dd>{formatTime(createdAt, locale)}</dd>
              <dt className="text-soft">{say('lastSeen')}</dt>
              <dd>{formatTime(lastSeenAt, locale)}</dd>
              <dt className="text-soft">{say('method')}</dt>
              <dd>{say(`methods.${method}`, { issuer: config().issuer.brand.issuer[locale] })}</dd>
            </dl>
            {!current && (
              <StepButton
                action={endOne}
                locale={locale}
                fields={{ sessionId: id }}
                plain
                danger
                describedBy={`session-${id}`}
              >
                {say('end')}
              </StepButton>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <StepButton action={endOthers} locale={locale} danger>
          {say('endOthers')}
        </StepButton>
      ) : (
        <p className="text-soft">{say('noOthers')}</p>
      )}
    </AccountPage>
  )
}
