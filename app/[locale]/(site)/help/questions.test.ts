import { describe, expect, test } from 'vitest'
import en from '#messages/en.json'
import ja from '#messages/ja.json'
import type { Capabilities } from '#server/capabilities.ts'
import { siteFacts } from '../../../../e2e/site-facts.ts'
import { questionsOf } from './questions.ts'

const all: Capabilities = {
  push: true,
  passkeys: true,
  approvalDevices: true,
  trustedMerchants: true,
  decoupled: true,
  registration: true,
  riskPolicies: true,
  watch: true,
  codeAutofill: true,
}

/** Every sentence of the page in both languages, as these capabilities show it. */
function sentences(able: Capabilities): string {
  const shown = questionsOf(able).flatMap(([, questions]) => questions)
  return shown
    .flatMap(({ id, answer }) =>
      [ja, en].flatMap(({ site }) => {
        const words = (site.help.questions as Record<string, Record<string, string>>)[id] ?? {}
        const told = answer.filter(([, , needs]) => needs === undefined || able[needs]).map(([key]) => words[key])
        return [words.question, ...told]
      }),
    )
    .join('\n')
}

describe.each([
  ['push', /プッシュ|push notification/i],
  ['trustedMerchants', /信頼するお店|trusted shop/i],
  ['registration', /お買い物の途中でも登録|register.*while I buy|Can I do so while/i],
  ['riskPolicies', /普段と異なる点がある|something about the payment is unusual/],
  ['decoupled', /承認を求めるメッセージ|message asks me to approve/i],
  ['watch', /見守|monitored/i],
] as const)('a deployment without %s', (capability, promise) => {
  test('promises it nowhere in the questions', () => {
    expect(sentences(all)).toMatch(promise)
    const without = { ...all, [capability]: false }
    expect(sentences(without)).not.toMatch(promise)
    const told = questionsOf(without).flatMap(([, questions]) => questions.flatMap(({ answer }) => answer))
    const facts = told.filter(([, , needs]) => needs !== capability).map(([, fact]) => fact)
    expect(facts.filter(fact => fact && siteFacts[fact]?.onlyWith === capability)).toEqual([])
  })
})
