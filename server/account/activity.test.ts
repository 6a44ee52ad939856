import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { exportActivity, readActivity } from './activity.ts'
import type { Actor } from './actor.ts'
import { readContacts } from './read-contacts.ts'
import { openSession, resumeSession } from './sessions.ts'
import { lastTest, sendTestCode } from './test-code.ts'

let at: Deployment
const gateway = new SmsGatewayDouble()
let [hanako, alex]: (Actor | undefined)[] = []

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  hanako = await actorOf('hanako')
  alex = await actorOf('alex')
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})

async function actorOf(ref: string): Promise<Actor | undefined> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const session = { cardholderId: String(row?.id), method: 'passkey', device: `browser of ${ref}` } as const
  return resumeSession(await transaction(tx => openSession(tx, session)))
}

test('lists one’s own sign-ins and payments, newest first, and none of another cardholder', async () => {
  if (!hanako || !alex) throw new Error('no session')
  at.advance(10)
  await at.window({ merchantName: 'The first shop' })
  at.advance(10)
  await at.window({ merchantName: 'The second shop', acctNumber: cards.alex })
  const names = async (actor: Actor) =>
    (await readActivity(actor, undefined)).entries.map(one =>
      one.kind === 'payment' ? one.purchase.merchantName : one.kind === 'sign-in' ? one.device : one.kind,
    )
  expect(await names(hanako)).toEqual(['The first shop', 'browser of hanako'])
  expect(await names(alex)).toEqual(['The second shop', 'browser of alex'])
})

test('pages follow each other without a gap or a repeat, and the export has the same entries', async () => {
  if (!hanako) throw new Error('no session')
  for (let n = 0; n < 45; n++) {
    at.advance(400)
    await at.window({ merchantName: `Shop ${n}` })
  }
  const seen: string[] = []
  let before: number | undefined
  do {
    const page = await readActivity(hanako, before)
    seen.push(...page.entries.map(({ id }) => id))
    before = page.next
  } while (before !== undefined)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toEqual((await exportActivity(hanako)).map(({ id }) => id))
})

test('sends a test code that no challenge accepts to each contact, at most five times a day', async () => {
  if (!alex) throw new Error('no session')
  // Send the payment's own code first, so that the newest code is the test's.
  const { windowKey } = await at.windowWithCode({ acctNumber: cards.alex })
  expect(await sendTestCode(alex)).toEqual({ kind: 'sent' })
  await at.deliver()
  expect((await lastTest(alex)).map(({ channel, state }) => `${channel} ${state}`)).toEqual([
    'email handed-over',
    'sms handed-over',
  ])
  expect(await submitAnswer(windowKey, gateway.code)).toEqual({ kind: 'asking' })
  for (let n = 0; n < 4; n++) {
    at.advance(60)
    expect(await sendTestCode(alex)).toEqual({ kind: 'sent' })
  }
  at.advance(60)
  expect(await sendTestCode(alex)).toMatchObject({ kind: 'limited' })
})

test('shows contacts masked, with the domain that only their owner sees', async () => {
  if (!hanako) throw new Error('no session')
  expect(await readContacts(hanako)).toMatchObject({
    email: { masked: 'h•••@cardholder.example', frozen: false, change: undefined },
    mobile: { masked: '•••••••78', frozen: false, change: undefined },
    restriction: undefined,
    disputedSince: undefined,
    recent: [],
  })
})
