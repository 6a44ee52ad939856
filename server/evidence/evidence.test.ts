import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CompactSign, compactVerify, exportJWK, flattenedVerify, generateKeyPair, importJWK } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import { proofTypes } from '#domain/approval/proof.ts'
import fc from '#domain/testing/fast-check.ts'
import { chooseMethod, submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { parseKeyRing } from '../platform/key-ring.ts'
import { keys, localKeys } from '../platform/keys.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { cards } from '../testing/cards.ts'
import { belowLimit, type Deployment, freshKey, otherThan, startDeployment } from '../testing/deployment.ts'
import type { Evidence } from './contents.ts'
import { signEvidence, verifyEvidence } from './document.ts'
import { makeEvidence } from './make.ts'

let at: Deployment
let hanako: string

beforeAll(async () => {
  at = await startDeployment()
  const [row] = await at.sql`select id from cardholders where issuer_ref = 'hanako'`
  hanako = String(row?.id)
})
afterAll(() => at.stop())
beforeEach(async () => {
  at.advance(3600)
  await at.sql`delete from passkeys`
})

const operator = { by: 'Sato', reason: 'dispute 7' } as const
const documentOf = async (acsTransID: string) => (await makeEvidence(acsTransID, operator)) ?? ''
const evidenceOf = async (acsTransID: string): Promise<Evidence> => JSON.parse(await documentOf(acsTransID)).evidence
const trusted = () => keys().publicKeys('evidence')
const verify = async (document: string | Uint8Array) => verifyEvidence(Buffer.from(document), await trusted())

/** A payment that the cardholder confirmed with the second code. */
async function paid() {
  const { acsTransID, windowKey, code } = await at.windowWithCode()
  await submitAnswer(windowKey, otherThan(code))
  await submitAnswer(windowKey, code)
  await at.deliver()
  return { acsTransID, code }
}

/** A payment that the cardholder signed with a passkey. */
async function signed() {
  const phone = new SoftwareAuthenticator()
  await phone.addTo(at, hanako, { createdAt: now() - 365 * 86_400_000 })
  const { acsTransID, windowKey } = await at.window()
  await chooseMethod(windowKey, ['passkey'])
  const window = await showWindow(windowKey)
  const challenge = window.kind === 'asking' ? (window.passkeyChallenge ?? '') : ''
  await submitAnswer(windowKey, JSON.stringify(phone.respond(challenge)))
  return acsTransID
}

describe('the evidence of a payment', () => {
  test('says what was decided and why, what was sent where, what was proved and what was reported', async () => {
    const { acsTransID } = await paid()
    const evidence = await evidenceOf(acsTransID)
    expect(evidence).toMatchObject({
      format: 'safekey-evidence/1',
      deployment: { origin: 'https://acs.test', passkeyDomain: 'acs.test' },
      acsTransID,
      card: { lastFour: cards.hanako.slice(-4) },
      decision: { directoryServer: 'first', decision: 'challenge-amount', rule: 'amount', policy: null },
      messages: {
        AReq: { messageType: 'AReq', purchaseAmount: '12800' },
        ARes: { messageType: 'ARes', transStatus: 'C', acsTransID },
        RReq: [{ message: { messageType: 'RReq', transStatus: 'Y' }, handedOverAt: expect.any(String) }],
        Erro: [],
      },
      challenge: { state: 'ended', answersCompared: 2, codesSent: 1, reportedAt: null },
      methods: { offered: ['email-code'], preference: 'code' },
      sent: [{ channel: 'email', template: 'payment-code', handedOverAt: expect.any(String), failedAt: null }],
      proofs: [{ method: 'email-code', state: 'proved', provedAt: expect.any(String), signed: null }],
      outcome: 'authenticated',
    })
    expect(evidence.sent[0]?.to).toMatch(/^h•+@•+\.example$/)
    expect(evidence.sent[0]?.to).toBe(evidence.proofs[0]?.destination)
    expect(evidence.events.map(({ type }) => type)).toEqual(['payment-decided', 'challenge-begun', 'challenge-ended'])
    expect(evidence.purged).toEqual(['texts of messages: erased when handed over, given up or expired'])
  })

  test('has no card number, full contact or code', async () => {
    const { acsTransID, code } = await paid()
    const { notIncluded: _, ...evidence } = await evidenceOf(acsTransID)
    const stated = JSON.stringify(evidence)
    for (const secret of [cards.hanako, code, 'hanako@', '+81']) expect(stated).not.toContain(secret)
    expect(stated).not.toMatch(/hmac|windowKey|sessionData/i)
  })

  test('has the signature of a passkey with the text that was signed', async () => {
    const document = await documentOf(await signed())
    const { proofs } = JSON.parse(document).evidence as Evidence
    const { signed: signature } = proofs.find(({ method }) => method === 'passkey') ?? {}
    expect(JSON.parse(signature?.text ?? '')).toMatchObject({ amount: '12800', lastFour: cards.hanako.slice(-4) })
    expect(await verify(document)).toMatchObject({ kind: 'valid', signatures: 1 })
  })

  test('of a payment without a challenge says that there was none', async () => {
    const { acsTransID = '' } = await at.areq({ purchaseAmount: belowLimit })
    expect(await evidenceOf(acsTransID)).toMatchObject({
      decision: { decision: 'frictionless', rule: null, policy: null },
      ...{ challenge: null, methods: null, proofs: [], sent: [], outcome: null },
      purged: ['the rule: it is not recorded for a payment that passed without a challenge'],
    })
  })

  test('says what was purged', async () => {
    const { acsTransID } = await paid()
    await at.sql`delete from challenges where acs_trans_id = ${acsTransID}`
    await at.sql`update authentications set card_id = null where acs_trans_id = ${acsTransID}`
    const { purged, challenge, card } = await evidenceOf(acsTransID)
    expect([challenge, card]).toEqual([null, null])
    expect(purged).toEqual([expect.stringContaining('the card:'), expect.stringContaining('the challenge with')])
    at.advance(600 * 86_400)
    const { acsTransID: kept } = await paid()
    await at.sql`alter table audit_events disable trigger all`
    await at.sql`delete from audit_events where ref = (select id from authentications where acs_trans_id = ${kept})`
    await at.sql`alter table audit_events enable trigger all`
    expect((await evidenceOf(kept)).purged).toContain(
      'the events of the payment, with the rule and the methods offered: kept for 550 days',
    )
  })

  test('is recorded in the audit log with who asked and why; an unknown payment is not', async () => {
    const { acsTransID } = await paid()
    await documentOf(acsTransID)
    expect(await makeEvidence(randomUUID(), operator)).toBeUndefined()
    expect(await at.sql`select fields from audit_events where type = 'evidence-made' order by id desc limit 1`).toEqual(
      [{ fields: operator }],
    )
    expect(
      await at.sql`select ref from audit_events
        where type = 'evidence-made' and ref = (select id from authentications where acs_trans_id = ${acsTransID})`,
    ).toHaveLength(1)
  })
})

describe('the document', () => {
  test('is a JWS that other libraries verify with the public key alone', async () => {
    const document = JSON.parse(await documentOf((await paid()).acsTransID))
    const [jwk] = await trusted()
    expect(jwk).not.toHaveProperty('d')
    const key = await importJWK(jwk ?? {}, 'EdDSA')
    const { payload, protectedHeader } = await flattenedVerify(document, key)
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'payment-evidence', kid: jwk?.kid })
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(document.evidence)
    const compact = `${document.protected}.${document.payload}.${document.signature}`
    await expect(compactVerify(compact, key)).resolves.toBeTruthy()
  })

  test('is not valid after any byte was changed, added or removed', async () => {
    const bytes = Buffer.from(await documentOf((await paid()).acsTransID))
    expect((await verify(bytes)).kind).toBe('valid')
    const place = fc.nat({ max: bytes.length - 1 })
    const changes = fc.oneof(
      fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([index, by]) => {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(bytes.readUInt8(index) ^ by, index)
        return changed
      }),
      fc
        .tuple(place, fc.nat({ max: 255 }))
        .map(([index, byte]) => Buffer.concat([bytes.subarray(0, index), Buffer.from([byte]), bytes.subarray(index)])),
      place.map(index => Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1)])),
      place.map(length => bytes.subarray(0, length)),
    )
    await fc.assert(
      fc.asyncProperty(changes, async changed => {
        fc.pre(!changed.equals(bytes))
        expect((await verify(changed)).kind).not.toBe('valid')
      }),
      { numRuns: 500 },
    )
    // The last character of the signature has bits that no signature protects.
    const whole = bytes.toString()
    for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const changed = whole.replace(/.("\n}\n)$/, `${last}$1`)
      if (changed !== whole) expect((await verify(changed)).kind).toBe('changed')
    }
  })

  test('is not valid under another key, as another type of signature, or if it is not a document', async () => {
    const document = await documentOf((await paid()).acsTransID)
    const ring = parseKeyRing(freshKey(1)) ?? []
    const others = await localKeys({ ...config().keys, evidence: ring }).publicKeys('evidence')
    expect(await verifyEvidence(Buffer.from(document), others)).toMatchObject({ kind: 'other-key' })
    expect(await verify(document.slice(0, -100))).toEqual({ kind: 'unreadable' })
    const other = await keys().sign('evidence', '{}', 'something-else')
    for (const content of ['{}', '[]', 'null', '7', JSON.stringify(other)])
      expect(await verify(content)).toEqual({ kind: 'not-evidence' })
  })

  test('names the signature of the cardholder that is wrong, even if we signed it', async () => {
    const evidence = await evidenceOf(await signed())
    const proofs = evidence.proofs.map(proof => ({
      ...proof,
      signed: proof.signed && { ...proof.signed, text: proof.signed.text.replace('12800', '99900') },
    }))
    expect(await verify(await signEvidence({ ...evidence, proofs }))).toEqual({
      kind: 'signature-wrong',
      where: ['passkey'],
    })
  })

  test('has the approval of an app with its JWS, which is over that request alone', async () => {
    const evidence = await evidenceOf((await paid()).acsTransID)
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const nonce = Buffer.alloc(32, 7).toString('base64url')
    const [askedAt, expiresAt] = ['2027-06-01T01:00:00.000Z', '2027-06-01T01:03:00.000Z']
    const content = { id: randomUUID(), merchant: 'Tea & Co', lastFour: '0005', number: '42', askedAt, expiresAt }
    const proof = { aud: 'https://acs.test/api/devices/approve', nonce, request: content }
    const jws = await new CompactSign(Buffer.from(JSON.stringify(proof)))
      .setProtectedHeader({ alg: 'ES256', typ: proofTypes.approval })
      .sign(privateKey)
    const signature = { kind: 'jws', publicKey: (await exportJWK(publicKey)) as DeviceKey, jws } as const
    const approval = {
      state: 'approved',
      askedAt,
      expiresAt,
      endedAt: askedAt,
      content,
      nonce,
      evidence: signature,
    } as const
    const verifyWith = async (approvals: Evidence['approvals']) =>
      verify(await signEvidence({ ...evidence, approvals }))
    expect(await verifyWith([approval])).toMatchObject({ kind: 'valid', signatures: 1 })
    expect(await verifyWith([{ ...approval, content: { ...content, merchant: 'Coffee & Co' } }])).toEqual({
      kind: 'signature-wrong',
      where: [`approval ${content.id}`],
    })
  })

  test('is valid under an older key, as long as its public key is trusted', async () => {
    const document = await documentOf((await paid()).acsTransID)
    const before = await trusted()
    at.configure({ KEY_EVIDENCE: `${freshKey(2)},${at.setting('KEY_EVIDENCE')}` })
    expect((await verify(document)).kind).toBe('valid')
    at.configure({ KEY_EVIDENCE: freshKey(3) })
    expect((await verify(document)).kind).toBe('other-key')
    expect((await verifyEvidence(Buffer.from(document), before)).kind).toBe('valid')
  })
})

describe('the command', () => {
  const run = async (words: readonly string[], environment: Readonly<Record<string, string>>) => {
    const args = ['--import', 'tsx', '--import', './demo/demo-mode.ts', 'server/commands/challenge.ts', ...words]
    const { PATH = '', HOME = '' } = process.env
    const env = { PATH, HOME, NODE_ENV: 'production' as const, ...environment }
    const child = spawn(process.execPath, args, { cwd: new URL('../..', import.meta.url), env })
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { status, stdout, stderr }
  }
  const file = (name: string, content: string) => {
    const path = join(at.folder, name)
    writeFileSync(path, content)
    return path
  }
  const here = () => ({ ...at.environment(), DATABASE_URL: at.url, LOG_LEVEL: 'info' })
  const offline = () => ({ ...at.environment(), DATABASE_URL: 'postgres://none@127.0.0.1:9/none' })

  test('prints the document alone to standard output, and verifies it without a database', async () => {
    const { acsTransID } = await paid()
    const made = await run(['evidence', acsTransID, '--by', 'Sato'], here())
    expect(made).toMatchObject({ status: 0, stderr: expect.stringContaining('operator.command') })
    const document = file('evidence.json', made.stdout)
    const jwks = file('keys.json', JSON.stringify({ keys: await trusted() }))
    // Another party has the public keys, and no settings at all.
    const verified = await run(['verify', document, '--keys', jwks], {})
    expect(verified).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(acsTransID) })
  })

  test('prints the public keys, and no private one', async () => {
    const { status, stdout } = await run(['keys'], offline())
    expect([status, JSON.parse(stdout)]).toEqual([0, { keys: await trusted() }])
  })

  test('explains each refusal in one line', async () => {
    const document = await documentOf((await paid()).acsTransID)
    const [changed, unknown] = [file('changed.json', document.replace('"amount"', '"Amount"')), randomUUID()]
    expect(
      await Promise.all([
        run(['verify', changed], offline()),
        run(['evidence', unknown], { ...here(), LOG_LEVEL: 'silent' }),
        run(['evidence', '1234'], here()),
      ]),
    ).toEqual([
      { status: 2, stdout: '', stderr: `${changed}: not valid: the file was changed after it was signed\n` },
      { status: 2, stdout: '', stderr: `${unknown}: no such authentication, or removed after 550 days\n` },
      { status: 1, stdout: '', stderr: expect.stringMatching(/^ACSTRANSID must be a UUID.*\n$/) },
    ])
  })
})
