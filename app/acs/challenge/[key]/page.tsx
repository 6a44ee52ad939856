import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { nonceHeader } from '#server/platform/csp.ts'
import { ApprovalStep } from './approval-step.tsx'
import { ChoiceStep } from './choice-step.tsx'
import { CodeStep } from './code-step.tsx'
import { Frame } from './frame.tsx'
import { LookForAnswer } from './look-for-answer.tsx'
import { isError, Notice } from './notice.tsx'
import { Unknown } from './unknown.tsx'
import { getWindow, type WindowParams } from './window.ts'

export async function generateMetadata({ params }: WindowParams): Promise<Metadata> {
  const window = await getWindow((await params).key)
  if (window.kind === 'unknown') {
    const [ja, en] = await Promise.all(
      (['ja', 'en'] as const).map(locale => getTranslations({ locale, namespace: 'challenge.error' })),
    )
    return { title: `${ja?.('title')} / ${en?.('title')}` }
  }
  const say = await getTranslations({ locale: window.language, namespace: 'challenge' })
  return { title: window.kind !== 'ended' && isError(window.notice) ? say('titleWithError') : say('title') }
}

/** The challenge window. Rendering it sends nothing; every step is a form post (actions.ts). */
export default async function ChallengePage({ params }: WindowParams) {
  const { key } = await params
  const window = await getWindow(key)
  if (window.kind === 'unknown') return <Unknown />
  if (window.kind === 'ended') redirect(`/acs/challenge/${key}/return`)
  const form = { windowKey: key, formToken: window.formToken }
  const nonce = (await headers()).get(nonceHeader) ?? ''
  return (
    <Frame window={window} form={form} notice={<Notice window={window} />}>
      {window.kind === 'choosing' && <ChoiceStep window={window} form={form} />}
      {window.kind === 'asking' && <CodeStep window={window} form={form} />}
      {window.kind === 'awaiting-approval' && <ApprovalStep window={window} form={form} />}
      {window.askedInAccount && <LookForAnswer {...window} />}
      <script src="/window.js" nonce={nonce} defer />
    </Frame>
  )
}
