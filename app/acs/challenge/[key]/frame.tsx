import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { Window } from '#server/challenge/view.ts'
import { config } from '#server/platform/config.ts'
import { switchLanguage } from './actions.ts'
import { StepForm, type WindowForm } from './form.tsx'
import { PurchaseFacts } from './purchase.tsx'

/** The frame of every page of the window: the issuer, the purchase and the language. It has no links to other sites. */
export async function Frame({
  window,
  form,
  notice,
  children,
}: {
  window: Exclude<Window, { kind: 'unknown' }>
  /** Undefined once the challenge has ended. */
  form?: WindowForm
  /** The notice of the last step, above everything else. */
  notice?: ReactNode
  children: ReactNode
}) {
  const { language } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language })
  const other = language === 'ja' ? 'en' : 'ja'
  return (
    <div className="mx-auto flex max-w-[34rem] flex-col gap-2 px-3 py-2 sm:gap-3 sm:p-5">
      <header className="flex flex-wrap items-center gap-2">
        <img src={brand.mark} alt="" width={26} height={26} />
        <p className="min-w-[min(6rem,100%)] flex-1 leading-tight">
          <span className="block font-bold">{brand.service}</span>
          <span className="block text-xs text-soft">{brand.issuer[language]}</span>
        </p>
        {form && (
          <StepForm action={switchLanguage} form={form}>
            <button
              type="submit"
              name="language"
              value={other}
              lang={other}
              className="button button-plain px-1 text-sm"
            >
              {say(`languages.${other}`)}
            </button>
          </StepForm>
        )}
      </header>
      <main className="flex flex-col gap-2 sm:gap-3">
        {notice}
        {window.personalMessage && (
          <p className="text-xs leading-normal sm:text-sm">
            <span className="text-soft">{say('challenge.personalMessage')}</span>{' '}
            <bdi className="font-bold">{window.personalMessage}</bdi>
          </p>
        )}
        <PurchaseFacts {...window} />
        {children}
      </main>
      <footer className="border-t border-line pt-2 text-xs text-soft">
        {say('challenge.footer', { issuer: brand.issuer[language], service: brand.service })}
      </footer>
    </div>
  )
}
