import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/challenge/machine.ts'
import { addressOf } from '../actor.ts'

/** Something was reported and is not settled: said wherever somebody may look for it. */
export async function GuardedNote({ locale }: { locale: Language }) {
  const say = await getTranslations({ locale, namespace: 'account.guarded' })
  return (
    <section aria-labelledby="guarded" className="note flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="guarded" className="text-base">
        {say('heading')}
      </h2>
      <p>{say('text')}</p>
      <a href={addressOf(locale, 'contact')} className="text-link">
        {say('link')}
      </a>
    </section>
  )
}
