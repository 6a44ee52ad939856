import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { termsVersions } from '#domain/terms/versions.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { announceTerms } from './announce-terms.ts'

// Members are notified of a coming version of the terms once, and what they accepted stays as it is.

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'terms')
const coming = termsVersions[2]

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(async () => {
  await at.deliver()
  await at.sql`delete from accounts`
})

const noticesTo = (address: string | undefined) => people.mailsTo(address).map(({ subject }) => subject)

test('notifies every member once, by e-mail with the page of the version, in the member’s language', async () => {
  const [one, other] = [await people.person(), await people.person()]
  await at.sql`insert into preferences (cardholder_id, language, updated_at)
    values (${other.cardholderId}, 'en', now())`
  const accepted = await at.sql`select cardholder_id, terms_version, terms_accepted_at from accounts order by 1`
  expect(await announceTerms(20, coming)).toBe(2)
  await at.deliver()
  expect(await announceTerms(20, coming)).toBe(0)
  await at.deliver()
  expect(noticesTo(one.email)).toEqual([expect.stringContaining('利用規約の変更')])
  expect(noticesTo(other.email)).toEqual([expect.stringContaining('Our terms are changing')])
  const [mail] = people.mailsTo(other.email)
  expect(mail?.text).toContain(`/en/terms/${coming}`)
  expect(mail?.text).toContain('From Friday, 1 January 2027')
  expect(people.textsTo(one.mobile)).toEqual([])
  expect(await at.sql`select cardholder_id, terms_version, terms_accepted_at from accounts order by 1`).toEqual(
    accepted,
  )
})

test('sends no text message, which the caps keep for codes', async () => {
  const person = await people.person({ email: false })
  await people.person({ email: false, mobile: false })
  const before = people.textsTo(person.mobile).length
  expect(await announceTerms(20, coming)).toBe(2)
  await at.deliver()
  expect(people.textsTo(person.mobile)).toHaveLength(before)
})

test('goes on when a contact cannot be decrypted', async () => {
  const [broken, other] = [await people.person(), await people.person()]
  await at.sql`update contacts set value = 'broken' where cardholder_id = ${broken.cardholderId}`
  expect(await announceTerms(20, coming)).toBe(2)
  await at.deliver()
  expect(noticesTo(other.email)).toHaveLength(1)
  expect(at.log.some(line => line.includes('terms.not-announced'))).toBe(true)
})

test('adds no more while earlier ones wait to be sent, and two workers notify each member once', async () => {
  const members = [await people.person(), await people.person(), await people.person()]
  const counts = await Promise.all([announceTerms(1, coming), announceTerms(1, coming)])
  expect(Math.max(...counts)).toBe(1)
  expect(await announceTerms(1, coming)).toBe(0)
  for (const _ of members) {
    await at.deliver()
    await announceTerms(1, coming)
  }
  for (const { email } of members) expect(noticesTo(email)).toHaveLength(1)
})

test('sends nothing when no version has been announced', async () => {
  await people.person()
  expect(await announceTerms(20, undefined)).toBe(0)
})
