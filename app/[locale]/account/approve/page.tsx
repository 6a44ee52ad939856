import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { approvalPolicy } from '#domain/approval/policy.ts'
import { plainName } from '#domain/challenge/merchant-name.ts'
import { formatCountry } from '#domain/kernel/country.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatClock, formatTime } from '#domain/kernel/time.ts'
import { registersBrowsers } from '#server/account/register-device.ts'
import { type WaitingRequest, waitingRequest } from '#server/approval/answer-request.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf } from '../actor.ts'
import { TextField } from '../form/text-field.tsx'
import { PasskeyButton } from '../passkey-button.tsx'
import { passkeyWords } from '../passkey-words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { currentApprovalDevice } from './device.ts'
import { Notifications } from './notifications.tsx'
import { WatchRequests } from './watch-requests.tsx'
import { webAppMetadata } from './web-app.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  const title = `${say('approve.title')} | ${config().issuer.brand.service}`
  return { title, ...webAppMetadata(locale) }
}

/**
 * The web app of an approval device: shows the request that waits, and answers it. The device's cookie is enough, and
 * the page reads no session, which looking for requests would otherwise keep alive.
 */
export default async function ApprovePage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  if (!registersBrowsers()) notFound()
  const device = await currentApprovalDevice()
  const say = await getTranslations({ locale, namespace: 'account.approve' })
  if (!device) {
    return (
      <AccountPage locale={locale} page="approve" title={say('title')} session={false}>
        <p className="max-w-[40em]">{say('unknownDevice')}</p>
        <p>
          <a href={addressOf(locale, 'devices')} className="button">
            {say('toDevices')}
          </a>
        </p>
      </AccountPage>
    )
  }
  const request = await waitingRequest(device)
  return (
    <AccountPage locale={locale} page="approve" title={say('title')} session={false}>
      <WatchRequests />
      {request ? <Request locale={locale} request={request} /> : <NoRequest locale={locale} />}
      <Notifications
        applicationServerKey={config().webPush?.publicKey ?? ''}
        isKnown={device.subscription !== null}
        words={{
          heading: say('notifications.heading'),
          on: say('notifications.on'),
          off: say('notifications.off'),
          turnOn: say('notifications.turnOn'),
          working: say('notifications.working'),
          denied: say('notifications.denied', { app: config().issuer.brand.app }),
          unsupported: say('notifications.unsupported'),
          failed: say('notifications.failed'),
        }}
      />
    </AccountPage>
  )
}

/** Without scripts the page looks by itself, because it has no input. */
async function NoRequest({ locale }: { locale: Language }) {
  const say = await getTranslations({ locale, namespace: 'account.approve' })
  return (
    <>
      <noscript>
        <meta httpEquiv="refresh" content={String(approvalPolicy.devicePollInterval / 1000)} />
      </noscript>
      <div className="flex max-w-[40em] flex-col items-start gap-3">
        <p className="text-soft">{say('none')}</p>
        <p className="text-sm">{say('noneHelp')}</p>
        <a href={addressOf(locale, 'approve')} className="text-link">
          {say('look')}
        </a>
      </div>
    </>
  )
}

async function Request({ locale, request }: { locale: Language; request: WaitingRequest }) {
  const { id, merchant, amount, currency, exponent, country, lastFour, askedAt } = request.content
  const say = await getTranslations({ locale, namespace: 'account.approve' })
  const sayPayment = await getTranslations({ locale, namespace: 'account.payments' })
  const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, locale) : undefined
  const place = country === undefined ? undefined : formatCountry(country, locale)
  return (
    <section aria-labelledby="request" className="card flex max-w-[40em] flex-col gap-4">
      <h2 id="request" className="flex flex-col gap-1 text-base">
        {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
        <bdi className="break-words">{plainName(merchant) || sayPayment('unnamed')}</bdi>
        <span className="break-words text-2xl">{price ?? sayPayment('withoutAmount')}</span>
      </h2>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        <dt className="text-soft">{sayPayment('card')}</dt>
        <dd>{sayPayment('cardEnding', { lastFour })}</dd>
        {place && (
          <>
            <dt className="text-soft">{say('place')}</dt>
            <dd>{place}</dd>
          </>
        )}
        <dt className="text-soft">{sayPayment('asked')}</dt>
        <dd>{formatTime(Date.parse(askedAt), locale)}</dd>
        <dt className="text-soft">{sayPayment('until')}</dt>
        <dd className="font-bold">{formatClock(request.expiresAt, locale)}</dd>
      </dl>
      <PasskeyButton
        purpose="answer"
        fields={{ requestId: id, answer: 'approved' }}
        to={addressOf(locale, 'approve')}
        words={await passkeyWords(locale, say('approve'))}
        describedBy="request"
      >
        <TextField
          id="number"
          name="number"
          label={say('number')}
          hint={say('numberHint')}
          inputMode="numeric"
          autoComplete="off"
          width="code"
        />
      </PasskeyButton>
      <div className="flex flex-col gap-2 border-edge border-t pt-3">
        <PasskeyButton
          purpose="answer"
          fields={{ requestId: id, answer: 'declined' }}
          to={addressOf(locale, 'approve')}
          words={await passkeyWords(locale, say('decline'))}
          plain
          describedBy="request"
        />
        <details>
          <summary className="py-1">{say('report')}</summary>
          <div className="flex flex-col items-start gap-3 pt-2">
            <p className="text-sm">{say('reportText', { issuer: config().issuer.brand.issuer[locale] })}</p>
            <PasskeyButton
              purpose="answer"
              fields={{ requestId: id, answer: 'reported' }}
              to={addressOf(locale, 'approve')}
              words={await passkeyWords(locale, say('reportSubmit'))}
              describedBy="request"
            />
          </div>
        </details>
      </div>
    </section>
  )
}
