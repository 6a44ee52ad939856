import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { allows } from '#domain/account/assurance.ts'
import { renameDeviceForm } from '#domain/account/device-forms.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatClock, formatTime } from '#domain/kernel/time.ts'
import type { Actor } from '#server/account/actor.ts'
import { type ApprovalDevice, listApprovalDevices } from '#server/account/approval-devices.ts'
import { waitingPairing } from '#server/account/pair-device.ts'
import { passkeysToConfirm } from '#server/account/passkeys.ts'
import { registersBrowsers } from '#server/account/register-device.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../actor.ts'
import { currentApprovalDevice } from '../approve/device.ts'
import { webAppMetadata } from '../approve/web-app.ts'
import { cardWords, NamedCard } from '../form/named-card.tsx'
import { StepButton } from '../form/step-button.tsx'
import { StepErrors } from '../form/step-errors.tsx'
import { titleOf } from '../form/words.ts'
import { PasskeyButton } from '../passkey-button.tsx'
import { passkeyWords } from '../passkey-words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { pair, remove, rename } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  const title = `${say('pages.devices')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [renameDeviceForm]), ...webAppMetadata(locale) }
}

/** Registers, pairs, renames and removes the devices on which payments are approved. */
export default async function DevicesPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const devices = await listApprovalDevices(actor)
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  return (
    <AccountPage
      locale={locale}
      page="devices"
      title={say('title')}
      lead={say('lead', { issuer: config().issuer.brand.issuer[locale] })}
    >
      <StepErrors locale={locale} definition={renameDeviceForm} />
      {devices.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <ul className="flex max-w-[40em] flex-col gap-4">
          {devices.map(device => (
            <Device key={device.id} locale={locale} device={device} />
          ))}
        </ul>
      )}
      {registersBrowsers() && <ThisDevice locale={locale} actor={actor} />}
      {config().issuer.approvalApp && <Pairing locale={locale} actor={actor} />}
    </AccountPage>
  )
}

async function Device({ locale, device }: { locale: Language; device: ApprovalDevice }) {
  const { id, name, platform, isNotified, createdAt, lastUsedAt } = device
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  return (
    <NamedCard
      locale={locale}
      field="deviceId"
      id={id}
      name={name}
      facts={[
        [say('platform'), <bdi key="platform">{platform}</bdi>],
        ...(isNotified === undefined ? [] : [[say('notified'), say(isNotified ? 'on' : 'off')] as const]),
        [say('added'), formatTime(createdAt, locale)],
        [say('lastUsed'), lastUsedAt === undefined ? say('never') : formatTime(lastUsedAt, locale)],
      ]}
      rename={rename}
      remove={remove}
      words={cardWords(say)}
    />
  )
}

/** Registers the browser that shows this page. */
async function ThisDevice({ locale, actor }: { locale: Language; actor: Actor }) {
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  const { app } = config().issuer.brand
  const isRegistered = (await currentApprovalDevice())?.cardholderId === actor.cardholderId
  const hasPasskey = (await passkeysToConfirm(actor)).length > 0
  const minutes = accountPolicy.freshFor / 60_000
  const link = (page: string, text: string) => (
    <p>
      <a href={page} className="button">
        {text}
      </a>
    </p>
  )
  return (
    <section aria-labelledby="this" className="flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="this">{say('thisHeading')}</h2>
      {isRegistered ? (
        <>
          <p>{say('thisRegistered')}</p>
          {link(addressOf(locale, 'approve'), say('openApprove'))}
        </>
      ) : (
        <>
          <p>{say('thisText', { days: contactPolicy.businessDays })}</p>
          <p className="note">{say('iphone', { app })}</p>
          {!hasPasskey && link(addressOf(locale, 'passkeys'), say('passkeyFirst'))}
          {hasPasskey &&
            !allows('add-device', actor, now()) &&
            link(confirmFor(locale, 'devices'), say('confirmFirst', { minutes }))}
          {hasPasskey && allows('add-device', actor, now()) && (
            <PasskeyButton
              purpose="register-device"
              to={addressOf(locale, 'approve')}
              words={await passkeyWords(locale, say('register'))}
            />
          )}
        </>
      )}
    </section>
  )
}

/** The code to enter in the app, shown after strong authentication. */
async function Pairing({ locale, actor }: { locale: Language; actor: Actor }) {
  const waiting = await waitingPairing(actor)
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  const { issuer } = config().issuer.brand
  return (
    <section aria-labelledby="add" className="flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="add">{say('addHeading', { issuer: issuer[locale] })}</h2>
      {waiting ? (
        <>
          <p>{say('enter', { issuer: issuer[locale] })}</p>
          <p className="card w-full text-center">
            <span className="block text-sm text-soft">{say('code')}</span>
            <span className="block text-2xl font-bold tracking-widest">{waiting.code}</span>
            <span className="block text-sm">{say('until', { time: formatClock(waiting.expiresAt, locale) })}</span>
          </p>
          <p className="text-sm">{say('secret')}</p>
          <p>
            <a href={addressOf(locale, 'devices')} className="text-link">
              {say('done')}
            </a>
          </p>
          <StepButton action={pair} locale={locale} plain>
            {say('another')}
          </StepButton>
        </>
      ) : (
        <>
          <p>{say('addText', { issuer: issuer[locale], minutes: codePolicy.pairing.lifetime / 60_000 })}</p>
          {allows('add-device', actor, now()) ? (
            <StepButton action={pair} locale={locale}>
              {say('add')}
            </StepButton>
          ) : (
            <p>
              <a href={confirmFor(locale, 'devices')} className="button">
                {say('confirmFirst', { minutes: accountPolicy.freshFor / 60_000 })}
              </a>
            </p>
          )}
        </>
      )}
    </section>
  )
}
