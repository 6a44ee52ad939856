import { notFound } from 'next/navigation'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { ActivityList } from '../list.tsx'

export { generateMetadata } from '../page.tsx'

/** The pages after the first. `before`: a time in milliseconds; the page has what happened earlier. */
export default async function OlderActivityPage({
  params,
}: {
  params: Promise<{ readonly locale: string; readonly before: string }>
}) {
  const { before } = await params
  if (!/^\d{1,14}$/.test(before)) notFound()
  return <ActivityList locale={await languageOfPage(params as LocaleParams['params'])} before={Number(before)} />
}
