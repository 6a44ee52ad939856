import { getTranslations } from 'next-intl/server'
import type { Report } from '#domain/emv/report.ts'
import type { Language } from '#domain/kernel/language.ts'
import { sentences } from '#server/checker/words.ts'

/** The result of a check: the verdict, then a line for each fault with the code that an Erro would have. */
export async function Findings({ report, language }: { report: Report; language: Language }) {
  const say = await getTranslations({ locale: language, namespace: 'check.page' })
  const { verdict, findings, notes } = sentences(report, language)
  return (
    <section aria-labelledby="verdict" className="flex flex-col gap-4 rounded-md bg-sheet p-4 sm:p-6">
      <h2 id="verdict" className="text-xl font-bold">
        {verdict}
      </h2>
      {findings.length > 0 && (
        <table className="w-full text-left">
          <caption className="sr-only">{say('findings')}</caption>
          <thead>
            <tr>
              <th scope="col" className="pe-4 align-top whitespace-nowrap">
                {say('code')}
              </th>
              <th scope="col">{say('finding')}</th>
            </tr>
          </thead>
          <tbody>
            {findings.map((sentence, index) => (
              <tr key={sentence} className="border-t border-line">
                <td className="py-2 pe-4 align-top font-mono">{report.findings[index]?.code}</td>
                <td className="py-2 break-words">{sentence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {notes.map(note => (
        <p key={note} className="text-sm break-words">
          {note}
        </p>
      ))}
    </section>
  )
}
