import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { document } from '#domain/risk/policy/testing/policy.ts'
import type { ReplaySummary } from '#domain/risk/replay/summary.ts'
import { config } from '../platform/config.ts'
import { sha256 } from '../platform/crypto.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { policiesInUse, refreshPolicies, startPolicies } from './policies-in-use.ts'
import { signedText, signPolicy } from './policy-signatures.ts'
import { addPolicy, listPolicies, putInUse, recordSignature, recordTest, stopUse } from './policy-steps.ts'

const operator = { by: 'risk-office', reason: 'CHG0012' }
const replay: ReplaySummary = {
  ...{ seeds: [9001], cards: 100, decided: 1000, challengeRate: 0.04, falseAlarmRate: 0.03, turnedAwayRate: 0.01 },
  stopped: 0.96,
}
const ana = generateKeyPairSync('ed25519')
const ben = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ed25519')
const signers = [
  { name: 'ana', publicKey: ana.publicKey.export({ format: 'jwk' }) },
  { name: 'ben', publicKey: ben.publicKey.export({ format: 'jwk' }) },
]

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
beforeEach(async () => {
  issuerRequires({})
  // Versions are never removed by the product.
  await at.sql`alter table risk_policies disable trigger user`
  await at.sql`delete from risk_policy_signatures`
  await at.sql`delete from risk_policies`
  await at.sql`alter table risk_policies enable trigger user`
  await refreshPolicies()
})
afterEach(() => at.log.splice(0))

/** The issuer's file requires this of policies, from the next start. */
function issuerRequires(risk: object): void {
  at.changeIssuer(ordinary => ({ ...ordinary, risk: { currency: '392', rates: { '392': 1 }, ...risk } }))
  at.configure({})
}

function settings() {
  const { risk } = config().issuer
  if (!risk) throw new Error('no risk')
  return risk
}

const fileOf = (version: number, change: object = {}) =>
  Buffer.from(JSON.stringify({ ...document(), version, ...change }))
const named = (version: number) => ({ policyId: 'small', version })

async function tested(version: number) {
  await addPolicy(fileOf(version), operator)
  await recordTest(named(version), replay, operator)
  return { ...named(version), digest: sha256(fileOf(version)) }
}

const activate = (version: number) => putInUse(named(version), 'active', operator, settings())
const shadow = (version: number) => putInUse(named(version), 'shadow', operator, settings())
const states = async () =>
  Object.fromEntries((await listPolicies(settings())).map(({ policy, state }) => [policy, state]))
/** Changes what the product never changes, as the owner of the database can. */
async function tamper(version: number, text: Buffer, digest: Buffer): Promise<void> {
  await at.sql`alter table risk_policies disable trigger user`
  await at.sql`update risk_policies set document = ${text}, digest = ${digest} where version = ${version}`
  await at.sql`alter table risk_policies enable trigger user`
}
const failing = (version: number) =>
  fileOf(version, { examples: [{ about: 'high', signals: { amount: 60_000 }, outcome: 'frictionless' }] })

describe('a version of a policy', () => {
  test('is added, tested and activated, and each step is an audit event of the operator', async () => {
    expect(await addPolicy(fileOf(1), operator)).toEqual({ kind: 'added', name: named(1) })
    expect(await states()).toEqual({ 'small 1': 'draft' })
    expect(await activate(1)).toMatchObject({ kind: 'refused', why: 'not-tested' })
    expect(await recordTest(named(1), replay, operator)).toEqual({ kind: 'tested' })
    expect(await activate(1)).toEqual({ kind: 'used', replaced: undefined })
    expect(await activate(1)).toMatchObject({ kind: 'refused', why: 'active-already' })
    expect(await stopUse(named(1), operator)).toEqual({ kind: 'stopped' })
    expect(await stopUse(named(1), operator)).toEqual({ kind: 'refused', why: 'not-used' })
    const events = await at.sql`select fields from audit_events where type = 'risk-policy-step' order by id`
    const common = { policy: 'small 1', digest: sha256(fileOf(1)).toString('hex'), ...operator }
    expect(events.map(({ fields }) => fields)).toEqual(
      ['add', 'test', 'activate', 'stop'].map(step => ({ ...common, step })),
    )
  })

  test('is added once, and never changes', async () => {
    await addPolicy(fileOf(1), operator)
    expect(await addPolicy(fileOf(1), operator)).toMatchObject({ kind: 'known' })
    expect(await addPolicy(fileOf(1, { name: 'Another' }), operator)).toMatchObject({ kind: 'other-document' })
    await expect(at.sql`update risk_policies set document = ${fileOf(2)}`).rejects.toThrow('does not change')
    await expect(at.sql`delete from risk_policies`).rejects.toThrow('does not change')
    await expect(at.sql`truncate risk_policies cascade`).rejects.toThrow('does not change')
  })

  test('that fails its own examples is not added, not tested and not activated', async () => {
    expect(await addPolicy(failing(1), operator)).toMatchObject({
      kind: 'unusable',
      problems: [expect.stringContaining('should be frictionless')],
    })
    await tested(1)
    // As if it had been accepted by an earlier release, whose rules gave its examples other outcomes.
    await tamper(1, failing(1), sha256(failing(1)))
    expect(await recordTest(named(1), replay, operator)).toMatchObject({ kind: 'unusable' })
    expect(await activate(1)).toMatchObject({ kind: 'unusable' })
    expect(await shadow(1)).toMatchObject({ kind: 'unusable' })
    expect(await states()).toEqual({ 'small 1': 'tested' })
    expect(await listPolicies(settings())).toMatchObject([{ problems: [expect.stringContaining('frictionless')] }])
  })

  test.each([
    ['was changed', fileOf(1, { name: 'Milder' }), sha256(fileOf(1)), 'the document is not the one that was added'],
    ['is of another version', fileOf(2), sha256(fileOf(2)), 'the document is small 2'],
  ])('whose document %s in the database is not activated', async (_what, text, digest, problem) => {
    await tested(1)
    await tamper(1, text, digest)
    expect(await activate(1)).toEqual({ kind: 'unusable', problems: [problem] })
    await at.sql`update risk_policies set use = 'active'`
    await refreshPolicies()
    expect(policiesInUse()).toEqual({})
  })

  test('that does not exist is unknown to every step', async () => {
    const steps = [recordTest(named(9), replay, operator), activate(9), shadow(9), stopUse(named(9), operator)]
    for (const step of await Promise.all(steps)) expect(step).toEqual({ kind: 'unknown' })
  })
})

describe('signatures', () => {
  const record = (version: number, signer: string, signature: Buffer) =>
    recordSignature(named(version), { signer, signature }, operator, settings())

  test('two signers activate a policy, with Ed25519 and P-256 keys', async () => {
    issuerRequires({ signers, signatures: 2 })
    const policy = await tested(1)
    expect(await activate(1)).toEqual({ kind: 'refused', why: 'signatures-missing', valid: 0 })
    expect(await record(1, 'ana', signPolicy(policy, ana.privateKey))).toEqual({ kind: 'signed', valid: 1 })
    expect(await activate(1)).toEqual({ kind: 'refused', why: 'signatures-missing', valid: 1 })
    expect(await record(1, 'ben', signPolicy(policy, ben.privateKey))).toEqual({ kind: 'signed', valid: 2 })
    expect(await activate(1)).toMatchObject({ kind: 'used' })
  })

  test('the same signer twice is one signature', async () => {
    issuerRequires({ signers, signatures: 2 })
    const policy = await tested(1)
    await record(1, 'ana', signPolicy(policy, ana.privateKey))
    expect(await record(1, 'ana', signPolicy(policy, ana.privateKey))).toEqual({ kind: 'signed-already', valid: 1 })
    // Nor under another's name.
    expect(await record(1, 'ben', signPolicy(policy, ana.privateKey))).toEqual({ kind: 'wrong', valid: 1 })
    expect(await activate(1)).toMatchObject({ why: 'signatures-missing', valid: 1 })
  })

  test('a wrong one is refused', async () => {
    issuerRequires({ signers })
    const policy = await tested(1)
    const other = await tested(2)
    const raw = (text: string) => sign(undefined, Buffer.from(text), ana.privateKey)
    const wrong: readonly (readonly [string, Buffer])[] = [
      ['under another key', signPolicy(policy, stranger.privateKey)],
      ['of another version', signPolicy(other, ana.privateKey)],
      ['of another digest', signPolicy({ ...policy, digest: other.digest }, ana.privateKey)],
      ['of the digest alone', raw(policy.digest.toString('hex'))],
      ['of a text with more behind', raw(`${signedText(policy)}\n`)],
      ['empty', Buffer.alloc(0)],
      ['of zeros', Buffer.alloc(64)],
    ]
    for (const [what, signature] of wrong)
      expect([what, await record(1, 'ana', signature)]).toEqual([what, { kind: 'wrong', valid: 0 }])
    expect(await record(1, 'ben', Buffer.from('not DER'))).toMatchObject({ kind: 'wrong' })
    expect(await record(1, 'cleo', signPolicy(policy, ana.privateKey))).toMatchObject({ kind: 'unknown-signer' })
    expect(await record(9, 'ana', signPolicy(policy, ana.privateKey))).toEqual({ kind: 'unknown' })
    expect(await activate(1)).toMatchObject({ why: 'signatures-missing', valid: 0 })
  })

  test('a draft cannot be signed', async () => {
    issuerRequires({ signers })
    await addPolicy(fileOf(1), operator)
    const signature = signPolicy({ ...named(1), digest: sha256(fileOf(1)) }, ana.privateKey)
    expect(await record(1, 'ana', signature)).toEqual({ kind: 'refused', why: 'not-tested' })
  })

  test('those of a signer who was removed, or has a new key, are not valid any more, and a new one replaces them', async () => {
    issuerRequires({ signers })
    const policy = await tested(1)
    await record(1, 'ana', signPolicy(policy, ana.privateKey))
    issuerRequires({ signers: [{ name: 'ana', publicKey: stranger.publicKey.export({ format: 'jwk' }) }] })
    expect(await activate(1)).toMatchObject({ why: 'signatures-missing', valid: 0 })
    expect(await record(1, 'ana', signPolicy(policy, stranger.privateKey))).toEqual({ kind: 'signed', valid: 1 })
    expect(await activate(1)).toMatchObject({ kind: 'used' })
  })

  test('in shadow one is enough, and needed, because every process evaluates the policy', async () => {
    issuerRequires({ signers, signatures: 2 })
    const policy = await tested(1)
    expect(await shadow(1)).toEqual({ kind: 'refused', why: 'signatures-missing', valid: 0 })
    await record(1, 'ben', signPolicy(policy, ben.privateKey))
    expect(await shadow(1)).toMatchObject({ kind: 'used' })
    expect(await activate(1)).toMatchObject({ why: 'signatures-missing', valid: 1 })
  })
})

describe('two operators at once', () => {
  test('activate two versions: one of them is active, and one replaced the other', async () => {
    await tested(1)
    await tested(2)
    const used = await Promise.all([activate(1), activate(2)])
    expect(used.map(each => each.kind)).toEqual(['used', 'used'])
    expect(Object.values(await states()).sort()).toEqual(['active', 'tested'])
    const [first, second] = await at.sql`select fields from audit_events where type = 'risk-policy-step'
      and fields->>'step' = 'activate' order by id desc limit 2`
    expect(first?.fields.replaced).toBe(second?.fields.policy)
  })

  test('activate the same version: the second is told so', async () => {
    await tested(1)
    const used = await Promise.all([activate(1), activate(1)])
    expect(used.map(each => each.kind).sort()).toEqual(['refused', 'used'])
  })

  test('add two files of one name: one of them is added', async () => {
    const added = await Promise.all([addPolicy(fileOf(1), operator), addPolicy(fileOf(1, { name: 'b' }), operator)])
    expect(added.map(each => each.kind).sort()).toEqual(['added', 'other-document'])
  })
})

describe('the policies in use in a process', () => {
  const inUse = () => {
    const { active, shadow } = policiesInUse()
    return [active?.version, shadow?.version]
  }

  test('follow what operators do, without a restart', async () => {
    const policies = await startPolicies()
    try {
      await tested(1)
      await tested(2)
      expect(inUse()).toEqual([undefined, undefined])
      await activate(1)
      await shadow(2)
      await until(() => String(inUse()) === '1,2', 20, 5000)
      // What was in shadow now decides.
      await activate(2)
      await until(() => String(inUse()) === '2,', 20, 5000)
      await stopUse(named(2), operator)
      await until(() => String(inUse()) === ',', 20, 5000)
    } finally {
      policies.stop()
    }
  })

  test('stay as they were when the active document is broken, which is logged once', async () => {
    await tested(1)
    await activate(1)
    await refreshPolicies()
    await tested(2)
    await activate(2)
    await tamper(2, Buffer.from('{'), sha256(fileOf(2)))
    await refreshPolicies()
    await refreshPolicies()
    expect(inUse()).toEqual([1, undefined])
    const logged = at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'risk.policy-unusable')
    expect(logged).toEqual([expect.objectContaining({ kind: 'active', policy: 'small 2', why: 'document' })])
    // It is not read again until an operator does something.
    await tamper(2, fileOf(2), sha256(fileOf(2)))
    await refreshPolicies()
    expect(inUse()).toEqual([1, undefined])
    at.advance(1)
    await stopUse(named(2), operator)
    await activate(2)
    await refreshPolicies()
    expect(inUse()).toEqual([2, undefined])
  })

  test('are not those that the database alone says', async () => {
    issuerRequires({ signers })
    await tested(1)
    await tested(2)
    await at.sql`update risk_policies set use = 'active' where version = 1`
    await at.sql`update risk_policies set use = 'shadow' where version = 2`
    // An unsigned document is not even read.
    await tamper(2, Buffer.from('{'), sha256(Buffer.from('{')))
    await refreshPolicies()
    await refreshPolicies()
    expect(inUse()).toEqual([undefined, undefined])
    const logged = at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'risk.policy-unusable')
    expect(logged.map(({ kind, why }) => [kind, why])).toEqual([
      ['active', 'signatures'],
      ['shadow', 'signatures'],
    ])
    // A signature that comes later makes it usable.
    const policy = { ...named(1), digest: sha256(fileOf(1)) }
    const signature = signPolicy(policy, ana.privateKey)
    await recordSignature(named(1), { signer: 'ana', signature }, operator, settings())
    await refreshPolicies()
    expect(inUse()).toEqual([1, undefined])
  })

  test('come from documents and signatures of bounded size', async () => {
    const row = { policy_id: 'large', version: 1, digest: Buffer.alloc(32), added_at: new Date(0).toISOString() }
    const large = { ...row, document: Buffer.alloc(600_001) }
    await expect(at.sql`insert into risk_policies ${at.sql(large)}`).rejects.toThrow('risk_policies_size')
    await tested(1)
    const signature = {
      policy_id: 'small',
      version: 1,
      signer: 'ana',
      signature: Buffer.alloc(129),
      signed_at: row.added_at,
    }
    await expect(at.sql`insert into risk_policy_signatures ${at.sql(signature)}`).rejects.toThrow('signatures_size')
  })

  test('stay as they were while the database does not answer', async () => {
    await tested(1)
    await activate(1)
    const policies = await startPolicies()
    try {
      await at.sql`alter table risk_policies rename to elsewhere`
      await until(() => at.log.some(line => line.includes('risk.policies-not-read')), 20, 5000)
      expect(inUse()).toEqual([1, undefined])
      await at.sql`alter table elsewhere rename to risk_policies`
      await stopUse(named(1), operator)
      await until(() => String(inUse()) === ',', 20, 5000)
      expect(at.log.filter(line => line.includes('risk.policies-not-read'))).toHaveLength(1)
    } finally {
      policies.stop()
    }
  })

  test('are absent without the member risk, whatever the database says', async () => {
    await tested(1)
    await activate(1)
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
    const policies = await startPolicies()
    policies.stop()
    expect(inUse()).toEqual([undefined, undefined])
  })
})
