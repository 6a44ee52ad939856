import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { makeActivationCodes } from '../account/activation-codes.ts'
import { readContacts } from '../account/read-contacts.ts'
import { reportByLink } from '../account/report-change.ts'
import { auditOperator } from '../audit/audit.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { listReports, resolveByOperator } from './reports.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'reporter')

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})

/** A cardholder whose new address is reported. */
async function reported() {
  const owner = await people.person()
  at.advance(60)
  const address = await people.change(await people.strong(owner), 'email')
  expect(await reportByLink(people.linkTo(owner.email, 'メールアドレスが変更されました'), randomUUID())).toEqual({
    kind: 'reported',
  })
  return { owner, address }
}

const recorded = (): Promise<Record<string, unknown>[]> =>
  at.sql`select type, fields, cardholder_id from audit_events left join audit_subjects using (subject)
    where type in ('reports-resolved', 'letters-made', 'cards-imported') order by id desc`
const restrictionOf = async (owner: Person) => (await readContacts(await people.weak(owner))).restriction?.kind
const resolving = { by: 'Sato', reason: 'called back, identity checked' } as const

describe('an operator', () => {
  test.each(['the issuer’s id of the cardholder', 'the id of the report'])(
    'resolves by %s: ends disputed contacts, notifies the contacts, and records who and why',
    async by => {
      const { owner, address } = await reported()
      const listed = (await listReports()).find(({ cardholder }) => cardholder === owner.ref)
      expect(listed).toMatchObject({ about: 'change', disputedSince: expect.any(String) })
      const id = by.includes('report') ? (listed?.id ?? '') : owner.ref
      expect(await resolveByOperator({ id, ...resolving, resolution: 'dealt-with' })).toEqual({ kind: 'resolved' })
      expect(await restrictionOf(owner)).toBeUndefined()
      expect(await people.contactsOf(owner)).toEqual([owner.mobile])
      expect((await listReports()).filter(({ cardholder }) => cardholder === owner.ref)).toEqual([])
      expect((await recorded())[0]).toEqual({
        type: 'reports-resolved',
        fields: { ...resolving, resolution: 'dealt-with' },
        cardholder_id: owner.cardholderId,
      })
      await at.deliver()
      expect(people.textsTo(owner.mobile)).toContainEqual(expect.stringContaining('お支払いの制限を解除しました'))
      expect(await at.dump()).not.toContain(address)
    },
  )

  test('restores contacts in dispute if they were the cardholder’s after all', async () => {
    const { owner, address } = await reported()
    await resolveByOperator({ id: owner.ref, ...resolving, resolution: 'was-me' })
    expect(await people.contactsOf(owner)).toEqual([address, owner.mobile])
  })

  test.each(['unknown', randomUUID(), ''])(
    'gets the answer that no report of %j is open, and nothing is recorded',
    async id => {
      const before = await recorded()
      expect(await resolveByOperator({ id, ...resolving, resolution: 'dealt-with' })).toEqual({ kind: 'unknown' })
      expect(await recorded()).toEqual(before)
    },
  )

  test('cannot resolve what is not reported', async () => {
    const owner = await people.person()
    expect(await resolveByOperator({ id: owner.ref, ...resolving, resolution: 'dealt-with' })).toEqual({
      kind: 'unknown',
    })
  })
})

test('a command is recorded in the transaction of its changes', async () => {
  const owner = await people.person()
  const before = await recorded()
  const fails = makeActivationCodes([owner.ref], async (tx, letters) => {
    await auditOperator(tx, { type: 'letters-made', by: 'Sato', letters })
    throw new Error('interrupted')
  })
  await expect(fails).rejects.toThrow('interrupted')
  expect(await recorded()).toEqual(before)
  const codes = await at.sql`select 1 from activation_codes where cardholder_id = ${owner.cardholderId}`
  expect(codes).toEqual([])
  await transaction(tx => auditOperator(tx, { type: 'letters-made', by: 'Sato', letters: 1 }))
  expect((await recorded())[0]).toMatchObject({ type: 'letters-made', fields: { by: 'Sato', letters: 1 } })
})

describe('the safekey command', () => {
  /** Runs the command as an operator does, and returns its output. */
  function safekey(...args: readonly string[]) {
    const env = { ...process.env, ...at.environment(), DATABASE_URL: at.url }
    const mode = ['--import', 'tsx', '--import', './demo/demo-mode.ts']
    const { status, stdout, stderr } = spawnSync(process.execPath, [...mode, 'bin/safekey.mjs', ...args], {
      env,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }

  test('names its commands and the arguments of each', () => {
    expect(safekey('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('reports') })
    expect(safekey('nonsense')).toMatchObject({ status: 1, stderr: expect.stringContaining('safekey COMMAND') })
    for (const args of [
      [],
      ['resolve'],
      ['resolve', 'id', '--by', 'Sato'],
      ['resolve', 'id', '--by', ' ', '--reason', 'x'],
    ])
      expect(safekey('reports', ...args)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('--by NAME --reason TEXT'),
      })
  })

  test('refuses a reason with personal data before it does anything', async () => {
    const { owner } = await reported()
    const resolve = ['reports', 'resolve', owner.ref, '--by', 'Sato', '--reason', 'called 090-1234-5678'] as const
    expect(safekey(...resolve)).toMatchObject({ status: 1, stderr: expect.stringContaining('--reason must be') })
    expect((await restrictionOf(owner)) !== undefined).toBe(true)
  }, 60_000)

  test('lists and resolves reports, and lists recorded commands', async () => {
    const { owner } = await reported()
    expect(safekey('reports', 'list')).toMatchObject({
      stderr: '',
      stdout: expect.stringContaining(`"cardholder":"${owner.ref}"`),
    })
    const resolve = ['reports', 'resolve', owner.ref, '--by', 'Sato', '--reason', 'called back'] as const
    expect(safekey(...resolve)).toMatchObject({ status: 0, stdout: expect.stringContaining('Resolved.') })
    expect(await restrictionOf(owner)).toBeUndefined()
    expect(safekey(...resolve)).toMatchObject({ status: 2 })
    expect(safekey('commands', 'list').stdout).toContain('"reason":"called back"')
  })

  test('records an import of cards and a printing of codes, with counts and operator', async () => {
    const owner = await people.person()
    const file = join(at.folder, 'list.ndjson')
    writeFileSync(file, `${JSON.stringify(people.lineOf(owner))}\nnonsense\n`)
    expect(safekey('cards', 'import', file, '--by', 'Sato')).toMatchObject({ status: 2 })
    expect(safekey('cards', 'activation', owner.ref)).toMatchObject({ status: 0 })
    expect((await recorded()).slice(0, 2)).toMatchObject([
      { type: 'letters-made', fields: { by: expect.stringMatching(/./), letters: 1 } },
      { type: 'cards-imported', fields: { by: 'Sato', imported: 1, bad: 1 } },
    ])
  })
})
