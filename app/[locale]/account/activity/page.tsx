import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { ActivityList } from './list.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.activity' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** Recent activity. */
export default async function ActivityPage({ params }: LocaleParams) {
  return <ActivityList locale={await languageOfPage(params)} before={undefined} />
}
