import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { codePolicy } from '#domain/code/policy.ts'
import { purchaseInstant } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'
import { Frame } from '../../../acs/challenge/[key]/frame.tsx'
import { code } from '../../../acs/challenge/[key]/methods/code.tsx'
import { example } from '../../(site)/pictures/example.ts'
import { sayOf } from '../../(site)/said.tsx'
import { languageOfPage } from '../../shell/languages.ts'

interface PictureParams {
  readonly params: Promise<{ readonly locale: string; readonly state: string }>
}

/**
 * The states that the window can be shown in: as it opens, and after each thing that a reader may do in the picture.
 */
const states = { asking: 'code-sent', wrong: 'code-wrong', missing: 'code-missing', resent: 'code-resent' } as const

function isState(state: string): state is keyof typeof states {
  return Object.hasOwn(states, state)
}

/** Rendered at the first request, like every public page. */
export function generateStaticParams() {
  return []
}

export async function generateMetadata({ params }: PictureParams): Promise<Metadata> {
  const say = await sayOf(await languageOfPage(params), 'picture')
  return { title: say('windowTitle'), robots: { index: false } }
}

/**
 * The challenge window of a fictitious purchase, with its real components. Our own pages frame it. Its content security
 * policy blocks its forms.
 */
export default async function WindowPicture({ params }: PictureParams) {
  const language = await languageOfPage(params)
  const { state } = await params
  if (!isState(state)) notFound()
  const say = await sayOf(language, 'picture')
  const now = purchaseInstant(example.purchase.date)
  const window: Extract<Window, { kind: 'asking' }> = {
    kind: 'asking',
    asked: ['sms-code'],
    language,
    purchase: { ...example.purchase, merchantName: say('shopName') },
    lastFour: example.lastFour,
    personalMessage: undefined,
    trust: undefined,
    notice: states[state],
    destinations: [{ channel: 'sms', masked: '•••••••78', state: 'delivered' }],
    attemptsLeft: codePolicy.challenge.attempts - 1,
    codeExpiresAt: now + codePolicy.challenge.lifetime,
    deadlineAt: now + codePolicy.challenge.lifetime,
    lastSentAt: now,
    otherMethods: false,
    typed: '',
    isTopLevel: false,
    codesAgainAt: undefined,
    available: [],
    passkeyChallenge: undefined,
    registration: undefined,
    isAwaited: false,
    now,
    formToken: '',
  }
  const form = { windowKey: '', formToken: '' }
  return (
    <Frame window={window} form={form}>
      <code.Page window={window} form={form} />
    </Frame>
  )
}
