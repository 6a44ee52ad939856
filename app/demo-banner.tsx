import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { demoMode, mode } from '#server/platform/demo-mode.ts'

/**
 * Tells visitors that this is a demo and not a card company's service, and leads to its other parts. `short`: in the
 * window, which has no links to other pages.
 */
export async function DemoBanner({ language, short = false }: { language: Language; short?: boolean }) {
  if (!demoMode()) return null
  const say = await getTranslations({ locale: language, namespace: 'demo' })
  if (short) return <aside className="demo-banner">{say('short')}</aside>
  const { merchant, inbox } = mode()
  return (
    <aside className="demo-banner">
      {say('banner')} {merchant && <a href={`${merchant}/?lang=${language}`}>{say('shop')}</a>}{' '}
      {inbox && <a href={`${inbox}/?lang=${language}`}>{say('inbox')}</a>}
    </aside>
  )
}
