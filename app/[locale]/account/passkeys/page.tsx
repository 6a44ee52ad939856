import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { allows } from '#domain/account/assurance.ts'
import { renamePasskeyForm } from '#domain/account/passkey-forms.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { signsInHere } from '#server/account/identity.ts'
import { listPasskeys } from '#server/account/passkeys.ts'
import { listSessions } from '#server/account/sessions.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../actor.ts'
import { noticeOf } from '../draft.ts'
import { cardWords, NamedCard } from '../form/named-card.tsx'
import { StepButton } from '../form/step-button.tsx'
import { StepErrors } from '../form/step-errors.tsx'
import { titleOf } from '../form/words.ts'
import { PasskeyButton } from '../passkey-button.tsx'
import { passkeyWords } from '../passkey-words.ts'
import { endOthers } from '../sessions/actions.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { remove, rename } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return {
    title: await titleOf(locale, `${say('pages.passkeys')} | ${config().issuer.brand.service}`, [renamePasskeyForm]),
  }
}

/** Registers, renames and removes passkeys. */
export default async function PasskeysPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  if (!signsInHere()) redirect(addressOf(locale, ''))
  const passkeys = await listPasskeys(actor)
  // If a lost passkey was removed, its finder may have signed in with it, so the page offers to end the other sessions.
  const removed = (await noticeOf('passkeys'))?.key === 'passkey-removed'
  const others = removed && (await listSessions(actor)).length > 1
  const say = await getTranslations({ locale, namespace: 'account.passkeys' })
  return (
    <AccountPage locale={locale} page="passkeys" title={say('title')} lead={say('lead')}>
      {others && (
        <section aria-labelledby="others" className="note flex max-w-[40em] flex-col items-start gap-3">
          <h2 id="others" className="text-base">
            {say('othersHeading')}
          </h2>
          <p>{say('othersText')}</p>
          <StepButton action={endOthers} locale={locale} danger>
            {say('endOthers')}
          </StepButton>
        </section>
      )}
      <StepErrors locale={locale} definition={renamePasskeyForm} />
      {passkeys.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <ul className="flex max-w-[40em] flex-col gap-4">
          {passkeys.map(({ id, name, synced, createdAt, lastUsedAt }) => (
            <NamedCard
              key={id}
              locale={locale}
              field="passkeyId"
              id={id}
              name={name}
              facts={[
                [say('added'), formatTime(createdAt, locale)],
                [say('lastUsed'), lastUsedAt === undefined ? say('never') : formatTime(lastUsedAt, locale)],
                [say('kept'), say(synced ? 'synced' : 'single')],
              ]}
              rename={rename}
              remove={remove}
              words={cardWords(say)}
            />
          ))}
        </ul>
      )}
      <section aria-labelledby="add" className="flex flex-col gap-3">
        <h2 id="add">{say('addHeading')}</h2>
        <p className="max-w-[40em]">{say('addText')}</p>
        {allows('add-passkey', actor, now()) ? (
          <PasskeyButton
            purpose="register"
            to={addressOf(locale, 'passkeys')}
            words={await passkeyWords(locale, say('add'))}
          />
        ) : (
          <p>
            <a href={confirmFor(locale, 'passkeys')} className="button">
              {say('confirmFirst', { minutes: accountPolicy.freshFor / 60_000 })}
            </a>
          </p>
        )}
      </section>
    </AccountPage>
  )
}
