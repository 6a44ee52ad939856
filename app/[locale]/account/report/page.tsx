import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { reportCodeForm } from '#domain/account/report-forms.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { ReportCodeForm } from '../form/forms.tsx'
import { formState, titleOf } from '../form/words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { openReport } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.report' })
  const title = `${say('title')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [reportCodeForm]) }
}

/** The entry of a text message's report code, which leads to the same page as an e-mail's link. */
export default async function ReportCodePage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.report' })
  return (
    <AccountPage locale={locale} page="report" title={say('title')} lead={say('code.lead')}>
      <div className="flex max-w-[40em] flex-col items-start gap-4">
        <ReportCodeForm
          action={openReport}
          state={await formState(locale, reportCodeForm)}
          page="report"
          fields={[{ name: 'reportCode', label: say('code.label'), hint: say('code.hint'), autoComplete: 'off' }]}
          submit={say('code.submit')}
        />
        <p>{say('code.mail')}</p>
        <p>{config().issuer.brand.support[locale]}</p>
      </div>
    </AccountPage>
  )
}
