import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { timeLeft } from '#server/account/sessions.ts'
import { config } from '#server/platform/config.ts'
import { SiteFooter } from '../../shell/footer.tsx'
import { LanguageSwitch } from '../../shell/language-switch.tsx'
import { Mark } from '../../shell/mark.tsx'
import { signOut } from '../actions.ts'
import { addressOf, currentActor } from '../actor.ts'
import { currentToken } from '../cookies.ts'
import { noticeOf } from '../draft.ts'
import { menuEntryOf, menuPages, pageKey } from './pages.ts'
import { SessionWatch } from './session-watch.tsx'

/**
 * A page of the account between header and footer: the menu and the way out where somebody is signed in. `page` is its address
 * below /account. A word about what was just done stands above everything.
 */
export async function AccountPage({
  locale,
  page,
  title,
  lead,
  children,
}: {
  locale: Language
  page: string
  title: string
  lead?: string
  children: ReactNode
}) {
  const say = await getTranslations({ locale, namespace: 'account' })
  const { brand } = config().issuer
  const actor = await currentActor()
  const notice = await noticeOf(page)
  return (
    <>
      <header className="masthead">
        <a href="#content" className="skip">
          {say('skip')}
        </a>
        <div className="measure flex flex-wrap items-center gap-x-6 gap-y-2 pt-4 pb-1">
          <a href={`/${locale}`} className="brand flex flex-1 items-center gap-3">
            <Mark size={40} />
            <span className="leading-tight">
              <span className="block text-xl font-bold">{brand.service}</span>
              <span className="block text-sm text-soft">{brand.issuer[locale]}</span>
            </span>
          </a>
          <LanguageSwitch language={locale} path={addressOf(locale, page).slice(`/${locale}`.length)} />
          {actor && (
            <form action={signOut}>
              <input type="hidden" name="locale" value={locale} />
              <button type="submit" className="button button-plain px-0">
                {say('signOut')}
              </button>
            </form>
          )}
        </div>
        {actor && (
          <nav aria-label={say('menu')} className="measure">
            <ul className="menu">
              {menuPages().map(name => (
                <li key={name}>
                  <a
                    href={addressOf(locale, name)}
                    aria-current={name === page ? 'page' : name === menuEntryOf(page) ? 'true' : undefined}
                  >
                    {say(`pages.${pageKey(name)}`)}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </header>
      <main id="content" tabIndex={-1} className="measure flex flex-col gap-8 py-8 sm:py-10">
        {actor && <Watch locale={locale} />}
        {notice && say.has(`notices.${notice}` as never) && (
          <p role="status" className="note max-w-[40em]">
            {say(`notices.${notice}` as never)}
          </p>
        )}
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

/** Warns before the session ends, and keeps what was typed. */
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
