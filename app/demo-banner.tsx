import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { demoMode, mode } from '#server/platform/demo-mode.ts'

/** Tells visitors that this is a demo and not a card company's service. */
export async function DemoBanner({ language, short = false }: { language: Language; short?: boolean }) {
  if (!demoMode()) return null
  const say = await getTranslations({ locale: language, namespace: 'demo' })
  return <aside className="demo-banner">{say(short ? 'short' : 'banner')}</aside>
}

/** Leads to the demo's other parts, from the end of a page, so that its skip link stays the first. */
export async function DemoLinks({ language }: { language: Language }) {
  const { merchant, inbox } = mode()
  if (!merchant || !inbox) return null
  const say = await getTranslations({ locale: language, namespace: 'demo' })
  return (
    <nav aria-label={say('parts')} className="demo-banner">
      <a href={`${merchant}/?lang=${language}`}>{say('shop')}</a>{' '}
      <a href={`${inbox}/?lang=${language}`}>{say('inbox')}</a>
    </nav>
  )
}
