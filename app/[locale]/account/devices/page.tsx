import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { renameDeviceForm } from '#domain/account/forms.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { formatClock, formatTime } from '#domain/challenge/purchase.ts'
import { type Actor, isFresh } from '#server/account/actor.ts'
import { type ApprovalDevice, listApprovalDevices } from '#server/account/approval-devices.ts'
import { waitingPairing } from '#server/account/pair-device.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../actor.ts'
import { RenameForm } from '../form/rename-form.tsx'
import { StepButton } from '../form/step-button.tsx'
import { StepErrors } from '../form/step-errors.tsx'
import { titleOf } from '../form/words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { pair, remove, rename } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  const title = `${say('pages.devices')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [renameDeviceForm]) }
}

/** Devices on which payments are approved in the issuer's app: paired, named, removed. */
export default async function DevicesPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const devices = await listApprovalDevices(actor)
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  return (
    <AccountPage locale={locale} page="devices" title={say('title')} lead={say('lead')}>
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
      <Pairing locale={locale} actor={actor} />
    </AccountPage>
  )
}

async function Device({ locale, device }: { locale: Language; device: ApprovalDevice }) {
  const { id, name, platform, createdAt, lastUsedAt } = device
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  return (
    <li className="card flex flex-col gap-3">
      {/* Names come from an app: they may not turn the line around. */}
      <h2 className="text-base break-words" id={`device-${id}`}>
        <bdi>{name}</bdi>
      </h2>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        <dt className="text-soft">{say('platform')}</dt>
        <dd className="break-words">
          <bdi>{platform}</bdi>
        </dd>
        <dt className="text-soft">{say('added')}</dt>
        <dd>{formatTime(createdAt, locale)}</dd>
        <dt className="text-soft">{say('lastUsed')}</dt>
        <dd>{lastUsedAt === undefined ? say('never') : formatTime(lastUsedAt, locale)}</dd>
      </dl>
      <details>
        <summary className="py-1">{say('change')}</summary>
        <div className="flex flex-col gap-4 pt-2">
          <RenameForm
            action={rename}
            locale={locale}
            field="deviceId"
            id={id}
            name={name}
            words={{ label: say('name'), submit: say('rename') }}
          />
          <p className="text-sm">{say('removeText')}</p>
          <StepButton action={remove} locale={locale} fields={{ deviceId: id }} plain describedBy={`device-${id}`}>
            {say('remove')}
          </StepButton>
        </div>
      </details>
    </li>
  )
}

/** A code to enter in the app, once its owner has shown something strong. */
async function Pairing({ locale, actor }: { locale: Language; actor: Actor }) {
  const waiting = await waitingPairing(actor)
  const say = await getTranslations({ locale, namespace: 'account.devices' })
  const { issuer } = config().issuer.brand
  return (
    <section aria-labelledby="add" className="flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="add">{say('addHeading')}</h2>
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
          <p>{say('addText', { issuer: issuer[locale], minutes: accountPolicy.devices.codeLifetime / 60_000 })}</p>
          {isFresh(actor, now()) ? (
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
