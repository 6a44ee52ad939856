import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'
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
  typing,
  children,
}: {
  window: Exclude<Window, { kind: 'unknown' }>
  /** Undefined once the challenge has ended. */
  form?: WindowForm
  /** The notice of the last step, above everything else. */
  notice?: ReactNode
  /** The id of the form whose input a change of language keeps. */
  typing?: string | undefined
  children: ReactNode
}) {
  const { language } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language })
  const other = language === 'ja' ? 'en' : 'ja'
  return (
    <div className="mx-auto flex max-w-[34rem] flex-col gap-2 px-3 py-2 sm:gap-3 sm:p-5 low:gap-1.5 low:py-1">
      <header className="flex flex-wrap items-center gap-2">
        <img src={brand.mark} alt="" width={26} height={26} />
        <div className="min-w-[min(6rem,100%)] flex-1 leading-tight">
          <p className="font-bold">{brand.service}</p>
          {/* In a low window the footer names the issuer. */}
          <p className={`text-xs text-soft ${window.personalMessage ? 'low:hidden' : 'low:truncate'}`}>
            {brand.issuer[language]}
          </p>
          {window.personalMessage && (
            <p className="text-xs sm:text-sm low:sm:text-xs">
              <span className="text-soft">{say('challenge.personalMessage')}</span>{' '}
              <bdi className="font-bold">{window.personalMessage}</bdi>
            </p>
          )}
        </div>
        {form &&
          (typing ? (
            <>
              {/* Return in the field presses a form's first button, which must not be that of the language. */}
              <input type="submit" form={typing} value="" tabIndex={-1} aria-hidden="true" className="sr-only" />
              <LanguageButton language={other} words={say(`languages.${other}`)} form={typing} />
            </>
          ) : (
            <StepForm action={switchLanguage} form={form}>
              <LanguageButton language={other} words={say(`languages.${other}`)} />
            </StepForm>
          ))}
      </header>
      <main className="flex flex-col gap-2 sm:gap-3 low:gap-1.5">
        {notice}
        <PurchaseFacts {...window} />
        {children}
      </main>
      <footer className="border-t border-line pt-2 text-xs text-soft">
        {say('challenge.footer', { issuer: brand.issuer[language], service: brand.service })}
      </footer>
    </div>
  )
}

function LanguageButton({ language, words, form }: { language: Language; words: string; form?: string }) {
  return (
    <button
      type="submit"
      form={form}
      name="language"
      value={language}
      lang={language}
      className="button button-plain px-1 text-sm"
    >
      {words}
    </button>
  )
}
