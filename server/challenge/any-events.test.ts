import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json, JsonObject } from '#domain/emv/field.ts'
import { reportOn } from '#domain/emv/report.ts'
import { elements } from '#domain/emv/testing/areq-fields.ts'
import { fullAReqOf } from '#domain/emv/testing/sample-areq.ts'
import { versions } from '#domain/emv/version.ts'
import fc from '#domain/testing/fast-check.ts'
import { answerDirectoryServer } from '../authentication/answer-directory-server.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { openChallenge } from './open.ts'

// From the bytes that the HTTP front receives to the answer, on a real database: any input gets an answer that the
// protocol allows.

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
  // This cardholder can be asked by decoupled authentication.
  await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    select id, issuer_ref, '2026-11-01', ${now()}, ${now()} from cardholders where issuer_ref = 'hanako'`
  await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
    select gen_random_uuid(), id, 'credential', '\\x00', 0, '[]', 'a key', false, ${now()} from cardholders where issuer_ref = 'hanako'`
})
afterAll(() => at.stop())

const answerTo = async (body: string) => {
  const [caller] = config().issuer.directoryServers
  if (!caller) throw new Error('no directory server')
  return answerDirectoryServer(Buffer.from(body), caller)
}

const anyVersion = fc.constantFrom(...versions)
const anyChannel = fc.constantFrom('01' as const, '02' as const, '03' as const)
const anyCard = fc.constantFrom(cards.hanako, cards.alex, cards.stolen, cards.expired, cards.yui, cards.unknown)
const anyName = fc.constantFrom(
  'messageType',
  'messageVersion',
  ...elements.map(({ name }) => name.split('.')[0] ?? ''),
)
const anyValue = fc.oneof(
  fc.constantFrom<Json>(null, '', '01', '06', '09', '10', '80', 'Y', 'D', true, 7, [], ['08', '09'], {}),
  fc.jsonValue() as fc.Arbitrary<Json>,
)

/** Well formed except for up to three elements; the card may be known or unknown. */
const anyAReq = fc
  .record({
    version: anyVersion,
    channel: anyChannel,
    category: fc.constantFrom('01', '02'),
    amount: fc.constantFrom('100', '12800'),
    card: anyCard,
    changes: fc.array(fc.tuple(anyName, anyValue), { maxLength: 3 }),
  })
  .map(({ version, channel, category, amount, card, changes }) => {
    const { dsURL, dsReferenceNumber } = at.message()
    const ours = { acctNumber: card, messageCategory: category, purchaseAmount: amount, dsTransID: crypto.randomUUID() }
    const reachable = { dsURL: dsURL as Json, dsReferenceNumber: dsReferenceNumber as Json }
    const message: JsonObject = fullAReqOf(channel, version, { ...reachable, ...ours })
    return { ...message, ...Object.fromEntries(changes) }
  })

test('answers any AReq with an ARes or an Erro in which our own checker finds no fault', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(anyAReq, async message => {
      const answer = await answerTo(JSON.stringify(message))
      // An Erro is never answered.
      if (message.messageType === 'Erro') return
      const transaction = {
        channel: message.deviceChannel as '01',
        category: message.messageCategory as '01',
      }
      const { findings, messageType } = reportOn(JSON.stringify(answer), transaction)
      expect(findings).toEqual([])
      seen.add(messageType === 'ARes' ? JSON.parse(JSON.stringify(answer)).transStatus : (messageType ?? ''))
    }),
    { numRuns: 300 },
  )
  expect([...seen].sort()).toEqual(expect.arrayContaining(['C', 'Erro', 'N', 'R', 'Y']))
})

test('answers arbitrary bytes with an Erro', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async body => {
      expect(await answerTo(body)).toMatchObject({ messageType: 'Erro', errorCode: '101' })
    }),
  )
})

test('opens a window for any CReq, or refuses it', async () => {
  const open = await at.areq({ acctNumber: cards.alex })
  const { messageVersion, threeDSServerTransID, acsTransID } = open
  const whole = { messageType: 'CReq', messageVersion, threeDSServerTransID, acsTransID, challengeWindowSize: '02' }
  const anyCReq = fc
    .array(fc.tuple(fc.constantFrom(...Object.keys(whole), 'messageExtension', 'new'), anyValue), { minLength: 1 })
    .map(changes => ({ ...whole, ...Object.fromEntries(changes) }))
  await fc.assert(
    fc.asyncProperty(anyCReq, fc.option(fc.string(), { nil: undefined }), async (message, session) => {
      const encoded = Buffer.from(JSON.stringify(message)).toString('base64url')
      expect(['window', 'refused']).toContain((await openChallenge(encoded, session)).kind)
    }),
  )
  expect(await openChallenge('not base64url!', undefined)).toEqual({ kind: 'refused' })
})
