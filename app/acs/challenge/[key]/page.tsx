import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { Window } from '#server/challenge/view.ts'
import { nonceHeader } from '#server/platform/csp.ts'
import { ChoiceStep, choiceErrors } from './choice-step.tsx'
import type { WindowForm } from './form.tsx'
import { Frame } from './frame.tsx'
import { LookForAnswer } from './look-for-answer.tsx'
import { methodViews } from './methods/registry.tsx'
import type { MethodView } from './methods/view.ts'
import { Notice } from './notice.tsx'
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
  return { title: window.kind !== 'ended' && fieldOf(window) ? say('titleWithError') : say('title') }
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
    <Frame window={window} form={form} notice={<NoticeOnTop window={window} />} typing={typingIn(window)}>
      <Step window={window} form={form} />
      {window.isAwaited && <LookForAnswer window={window} />}
      <script src="/window.js" nonce={nonce} defer />
      {mayUsePasskey(window) && <script src="/passkey.js" nonce={nonce} defer />}
    </Frame>
  )
}

type Open = Exclude<Window, { kind: 'unknown' | 'ended' }>

function Step({ window, form }: { window: Open; form: WindowForm }) {
  if (window.kind === 'choosing') return <ChoiceStep window={window} form={form} />
  const view = viewOf(window)
  if (window.kind === 'asking' && view?.asks === 'asking') return <view.Page window={window} form={form} />
  if (window.kind === 'awaiting-approval' && view?.asks === 'awaiting-approval')
    return <view.Page window={window} form={form} />
  return null
}

function mayUsePasskey(window: Open): boolean {
  if (window.kind === 'choosing') return window.offered.methods.includes('passkey')
  return window.kind === 'asking' && (window.available.includes('passkey') || window.passkeyChallenge !== undefined)
}

/** A page with a single field says there what is about it. */
function NoticeOnTop({ window }: { window: Open }) {
  const field = fieldOf(window)
  const where = window.kind === 'choosing' ? 'errors-at-field' : noticesOf(window)
  if (where === 'at-field' || (where === 'errors-at-field' && field)) return null
  return <Notice window={window} field={field} />
}

function noticesOf(window: Exclude<Open, { kind: 'choosing' }>) {
  return (window.kind === 'asking' && viewOf(window)?.notices?.(window)) || 'on-top'
}

function typingIn(window: Open): string | undefined {
  return window.kind === 'choosing' ? undefined : viewOf(window)?.typing
}

/** The id of the field that a window's notice is about. */
function fieldOf(window: Open): string | undefined {
  if (!window.notice) return undefined
  const errors: MethodView['errors'] = window.kind === 'choosing' ? choiceErrors : (viewOf(window)?.errors ?? {})
  return errors[window.notice]
}

function viewOf({ asked: [method] }: Exclude<Open, { kind: 'choosing' }>) {
  return method && methodViews[method]
}
