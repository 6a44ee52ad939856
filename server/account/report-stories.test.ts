import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { requestChange } from './change-contact.ts'
import { readContacts } from './read-contacts.ts'
import { reportActivity } from './report-activity.ts'

// The stories of domain/contact/report.test.ts on a real database, to show that the rows behave as the model does.

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'story')

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})

const kind = fc.constantFrom('email' as const, 'mobile' as const)
const act = fc.oneof(
  fc.record({ act: fc.constant('change' as const), kind }),
  fc.record({ act: fc.constant('ask' as const), kind }),
  fc.record({ act: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 96 }) }),
)
const stories = fc.record({
  before: fc.array(act, { maxLength: 4 }),
  notices: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
  after: fc.array(fc.integer({ min: 1, max: 40 * 24 }), { minLength: 1, maxLength: 3 }),
})

// The same stories in every run; the model is tested with thousands of others.
test.each(fc.sample(stories, { numRuns: 12 }))(
  'days after the owner reports, no code goes to what a thief added (story %#)',
  async ({ before, notices, after }) => {
    const owner = await people.person()
    const added = new Set<string>()
    at.advance(60)
    for (const step of before) {
      if (step.act === 'wait') at.advance(step.hours * 3600)
      else {
        const to = people.another(step.kind)
        added.add(to)
        const thief = await people.strong(owner)
        if (step.act === 'change') await people.change(thief, step.kind, to)
        else await requestChange(thief, step.kind, to)
      }
    }
    const changes = await at.sql`select id from contact_changes where cardholder_id = ${owner.cardholderId}
        order by requested_at`
    let contacts = await people.contactsOf(owner)
    for (const notice of notices) {
      const looks = await people.weak(owner)
      const row = changes[notice % Math.max(changes.length, 1)]
      const [about, id] = row ? ['change', String(row.id)] : ['sign-in', looks.sessionId]
      expect(await reportActivity(looks, about ?? '', id ?? '')).toEqual({ kind: 'reported' })
      at.advance(600)
    }
    for (const hours of [0, ...after]) {
      at.advance(hours * 3600)
      const now = await people.contactsOf(owner)
      expect(now.filter(contact => !contacts.includes(contact) || added.has(contact))).toEqual([])
      contacts = now
      const codes = await people.codesFor(owner, '980000')
      // Codes go to the owner's own number or nowhere: an e-mail address alone passes no payment of that size.
      expect([[owner.mobile], 'N']).toContainEqual(codes)
      expect((await readContacts(await people.weak(owner))).restriction?.kind).toBe('report-open')
    }
  },
)
