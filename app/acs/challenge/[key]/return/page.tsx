import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { contactPolicy, restrictionHours } from '#domain/contact/policy.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { accountAddress } from '#server/challenge/account-address.ts'
import { nonceHeader } from '#server/platform/csp.ts'
import { finish } from '../actions.ts'
import { StepForm } from '../form.tsx'
import { Frame } from '../frame.tsx'
import { Unknown } from '../unknown.tsx'
import { getWindow, type WindowParams } from '../window.ts'

export async function generateMetadata({ params }: WindowParams): Promise<Metadata> {
  const window = await getWindow((await params).key)
  const language = window.kind === 'unknown' ? 'ja' : window.language
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  return { title: window.kind === 'ended' ? say(`ended.${wordsFor(window.outcome)}`) : say('error.title') }
}

/**
 * The end of the challenge: says how it ended and returns to the merchant, after a while by script, or by the button.
 */
export default async function ReturnPage({ params }: WindowParams) {
  const { key } = await params
  const window = await getWindow(key)
  if (window.kind === 'unknown') return <Unknown />
  if (window.kind !== 'ended') redirect(`/acs/challenge/${key}`)
  const say = await getTranslations({ locale: window.language, namespace: 'challenge.ended' })
  const sayInWindow = await getTranslations({ locale: window.language, namespace: 'challenge' })
  const outcome = wordsFor(window.outcome)
  const { limit } = window
  const next = limit
    ? say(`lockedBy.${limit.kind}`, {
        address: accountAddress(window.language),
        time: 'until' in limit ? formatTime(limit.until, window.language) : '',
      })
    : say(`${outcome === 'facts-spent' ? 'attempts-spent' : outcome}Next`, {
        ...restrictionHours,
        address: accountAddress(window.language),
        days: contactPolicy.businessDays,
      })
  const nonce = (await headers()).get(nonceHeader) ?? ''
  return (
    <Frame window={window}>
      <h1 className="text-lg font-bold">{say(outcome)}</h1>
      <p id="next" role="status" className="low:text-sm low:leading-normal">
        {next}
      </p>
      {/* Ahead of the button, so that no press is earlier than the script. */}
      <script src="/return.js" nonce={nonce} />
      {window.post ? (
        <form
          id="return"
          method="post"
          action={window.post.notificationURL}
          data-wait={processingTime + timeToRead(window.outcome)}
          data-finished={say('finished')}
        >
          {Object.entries(window.post.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit" className="button w-full">
            {say('return')}
          </button>
        </form>
      ) : (
        // The directory server receives the result first. Rendering a page sends nothing, so this form does: a script
        // posts it at once; without scripts the page reloads until the worker has sent the result.
        <StepForm id="finish" action={finish} form={{ windowKey: key, formToken: window.formToken }}>
          <button type="submit" className="button w-full">
            {sayInWindow('code.continue')}
          </button>
          <noscript>
            <meta httpEquiv="refresh" content="1" />
          </noscript>
        </StepForm>
      )}
    </Frame>
  )
}

/** How long a page begins with the processing screen (window.css), in milliseconds. */
const processingTime = 1000

/**
 * How long the page is shown, in milliseconds: success needs little reading; a failure and its advice need more, and what names an address or a time the most. The
 * result has been sent already.
 */
function timeToRead(outcome: Outcome): number {
  if (['authenticated', 'approved', 'cancelled'].includes(outcome)) return 1500
  return ['locked', 'facts-spent', 'contacts-lost', 'device-needed'].includes(outcome) ? 20_000 : 8000
}

function wordsFor(outcome: Outcome) {
  switch (outcome) {
    case 'approved':
      return 'authenticated'
    case 'authenticated':
    case 'cancelled':
    case 'declined':
    case 'attempts-spent':
    case 'locked':
    case 'email-recently-changed':
    case 'number-stopped':
    case 'report-open':
    case 'contact-provisional':
    case 'contacts-lost':
    case 'device-needed':
    case 'no-contact':
    case 'facts-spent':
    case 'sms-limited':
      return outcome
    case 'window-timed-out':
    case 'window-not-opened':
      return 'timed-out'
    case 'delivery-failed':
      return 'failed'
    default:
      return 'unavailable'
  }
}
