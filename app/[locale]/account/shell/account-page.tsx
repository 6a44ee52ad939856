import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { timeLeft } from '#server/account/sessions.ts'
import { config } from '#server/platform/config.ts'
import { SiteFooter } from '../../shell/footer.tsx'
import { Masthead } from '../../shell/masthead.tsx'
import { signOut } from '../actions.ts'
import { addressOf, currentActor } from '../actor.ts'
import { currentToken } from '../cookies.ts'
import { noticeOf } from '../draft.ts'
import { StepButton } from '../form/step-button.tsx'
import { Notice } from './notice.tsx'
import { menuEntryOf, menuPages, pageKey } from './pages.ts'
import { SessionWatch } from './session-watch.tsx'

/**
 * A page of the account between header and footer, with the menu and sign-out if a cardholder is signed in. `page` is
 * its address below /account. A notice of what was just done comes first. `session`: false for a page that reads no
 * session.
 */
export async function AccountPage({
  locale,
  page,
  title,
  lead,
  session = true,
  children,
}: {
  locale: Language
  page: string
  title: string
  lead?: string
  session?: boolean
  children: ReactNode
}) {
  const say = await getTranslations({ locale, namespace: 'account' })
  const actor = session ? await currentActor() : undefined
  const notice = await noticeOf(page)
  const menu = menuPages().map(name => ({
    href: addressOf(locale, name),
    name: say(`pages.${pageKey(name)}`),
    current: name === page ? ('page' as const) : name === menuEntryOf(page) ? ('true' as const) : undefined,
  }))
  return (
    <>
      <Masthead
        language={locale}
        path={addressOf(locale, page).slice(`/${locale}`.length)}
        words={{ skip: say('skip'), menu: say('menu') }}
        menu={actor ? menu : []}
      >
        {actor && (
          <StepButton action={signOut} locale={locale} plain>
            {say('signOut')}
          </StepButton>
        )}
      </Masthead>
      <main id="content" tabIndex={-1} className="measure flex flex-col gap-8 py-8 sm:py-10">
        {actor && <Watch locale={locale} />}
        <Notice
          said={
            notice && say.has(`notices.${notice.key}` as never)
              ? {
                  text: say(
                    `notices.${notice.key}` as never,
                    { issuer: config().issuer.brand.issuer[locale] } as never,
                  ),
                  stamp: notice.stamp,
                }
              : undefined
          }
        />
        <div className="flex flex-col gap-3">
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {children}
      </main>
      <SiteFooter language={locale} />
    </>
  )
}

/** Warns before the session ends, and keeps the input. */
async function Watch({ locale }: { locale: Language }) {
  const token = await currentToken()
  const left = token && (await timeLeft(token))
  if (left === undefined) return null
  const say = await getTranslations({ locale, namespace: 'account.watch' })
  return (
    <SessionWatch
      left={left}
      warnBefore={accountPolicy.warnBefore}
      words={{
        heading: say('heading'),
        text: say('text', { minutes: accountPolicy.warnBefore / 60_000 }),
        stay: say('stay'),
        ended: say('ended'),
      }}
    />
  )
}
