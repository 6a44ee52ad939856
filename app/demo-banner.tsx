import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { demoMode } from '#server/platform/demo-mode.ts'

/** Tells visitors that this is a demo and not a card company's service. */
export async function DemoBanner({ language, short = false }: { language: Language; short?: boolean }) {
  if (!demoMode()) return null
  const say = await getTranslations({ locale: language, namespace: 'demo' })
  return <aside className="demo-banner">{say(short ? 'short' : 'banner')}</aside>
}
