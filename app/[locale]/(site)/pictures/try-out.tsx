import { getTranslations } from 'next-intl/server'
import { codePolicy } from '#domain/code/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '#server/platform/config.ts'
import { Section } from '../parts.tsx'
import { type Say, sayOf } from '../said.tsx'
import { example, exampleAmount } from './example.ts'
import { DoneDrawing, ShopDrawing } from './icons.tsx'

const steps = ['shop', 'window', 'phone', 'done'] as const

/**
 * A purchase that the reader can walk through: merchant, window, phone, done. The window is the real one, framed as a
 * merchant frames it (app/[locale]/picture). It needs public/try-out.js; without scripts the phone is a still picture
 * that belongs to the window at the top of the page.
 */
export async function TryOut({ language }: { language: Language }) {
  const say = await sayOf(language, 'picture')
  return (
    <Section id="try-out" heading={say('heading')}>
      <figure id="try-out-still" className="try-out-still">
        <Phone language={language} say={say} />
        <figcaption className="text-sm text-soft">{say('caption')}</figcaption>
      </figure>
      <div
        id="try-out-live"
        hidden
        className="try-out screen-only"
        data-code={example.code}
        data-windows={`/${language}/picture/`}
        data-other={language === 'ja' ? '/en#try-out' : '/ja#try-out'}
      >
        <p className="prose">
          {say('lead')}{' '}
          <a href="#steps" className="text-link">
            {say('skip')}
          </a>
        </p>
        <ol aria-label={say('stepLabel')} className="try-out-steps">
          {steps.map((step, index) => (
            <li key={step} data-step={step}>
              <span className="step-number">{index + 1}</span>
              {say(step)}
            </li>
          ))}
        </ol>
        <p
          role="status"
          tabIndex={-1}
          className="try-out-text"
          data-window={say('windowText')}
          data-phone={say('phoneText')}
          data-wrong={say('wrongText')}
          data-missing={say('missingText')}
          data-done={say('doneText')}
        />
        <div data-panel="shop" className="try-out-shop">
          <ShopDrawing />
          <div className="flex flex-col gap-3">
            <p className="font-bold">{say('shopName')}</p>
            <p className="flex justify-between gap-6 border-y border-line py-2">
              <span>{say('shopItem')}</span>
              <span className="font-bold">{exampleAmount(language)}</span>
            </p>
            <p className="text-sm text-soft">{say('shopCard')}</p>
            <button type="button" className="button" data-go="window">
              {say('buy')}
            </button>
          </div>
        </div>
        <div data-panel="window phone" hidden className="try-out-window">
          <div className="try-out-frame">
            <p className="text-sm text-soft">{say('shopName')}</p>
            <iframe title={say('windowTitle')} />
          </div>
          <div className="flex flex-col items-center gap-4">
            <div data-panel="phone" hidden>
              <Phone language={language} say={say} />
            </div>
            <button type="button" className="button" data-go="phone" data-panel="window">
              {say('toPhone')}
            </button>
            <button type="button" className="button button-plain" data-go="done" data-panel="phone" hidden>
              {say('toDone')}
            </button>
          </div>
        </div>
        <div data-panel="done" hidden className="try-out-shop">
          <DoneDrawing />
          <button type="button" className="button" data-go="shop">
            {say('again')}
          </button>
        </div>
        <button type="button" className="button button-plain self-start px-0" data-back="" hidden>
          {say('back')}
        </button>
      </div>
    </Section>
  )
}

/** A phone with the message of this purchase, in the same words as the real message. */
async function Phone({ language, say }: { language: Language; say: Say }) {
  const words = await getTranslations({ locale: language, namespace: 'sms' })
  return (
    <div className="phone">
      <p className="phone-message">
        <span className="block text-xs text-soft">{say('justNow')}</span>
        {words('code', {
          service: config().issuer.brand.service,
          merchant: say('shopName'),
          amount: exampleAmount(language),
          lastFour: example.lastFour,
          code: example.code,
          minutes: codePolicy.challenge.lifetime / 60_000,
        })}
      </p>
    </div>
  )
}
