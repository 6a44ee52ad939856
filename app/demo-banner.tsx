import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/challenge/machine.ts'
import { isDemo } from '#server/platform/stage.ts'

/** So that nobody takes the demo for a card company's service. */
export async function DemoBanner({ language, short = false }: { language: Language; short?: boolean }) {
  if (!isDemo()) return null
  const say = await getTranslations({ locale: language, namespace: 'demo' })
  return <aside className="demo-banner">{say(short ? 'short' : 'banner')}</aside>
}
