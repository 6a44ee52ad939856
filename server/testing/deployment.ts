import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import postgres from 'postgres'
import { connect, disconnect } from '#db/client.ts'
import { freshDatabase } from '#db/testing/database.ts'
import { until } from '#db/testing/until.ts'
import type { OpenedAs } from '#domain/code/bound-line.ts'
import type { Erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { ARes } from '#domain/emv/messages.ts'
import { type Overrides, sampleAReq } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { authenticate } from '../authentication/authenticate.ts'
import { type Opened, openChallenge } from '../challenge/open.ts'
import { importCards } from '../issuer/import-cards.ts'
import type { Kind } from '../outbox/handler.ts'
import { handlers } from '../outbox/handlers.ts'
import { Sender } from '../outbox/sender.ts'
import { now } from '../platform/clock.ts'
import { config, readConfig } from '../platform/config.ts'
import { keyVariable, purposes } from '../platform/key-ring.ts'
import { startWorker } from '../worker.ts'
import { cardList, cards } from './cards.ts'
import { DirectoryServerDouble } from './directory-server.ts'
import { Mailbox } from './mailbox.ts'

/** An ARes or an Erro; the test says which it expects. */
export type Answered = { readonly messageType: 'ARes' | 'Erro' } & Partial<Omit<ARes, 'messageType'>> &
  Partial<Omit<Erro, 'messageType'>>
interface IssuerJson {
  readonly ranges: readonly object[]
  readonly directoryServers: readonly object[]
  readonly authorisationHosts: readonly object[]
  readonly [member: string]: unknown
}
export type Row = Readonly<Record<string, unknown>>

/** A challenge whose window is open. */
export interface OpenWindow {
  readonly ares: Answered
  readonly acsTransID: string
  readonly windowKey: string
}

/** A Tuesday morning in Tokyo without a holiday near: no hour, day, weekend or month ends while a test runs. */
const start = Date.parse('2027-06-01T10:00:00+09:00')
const overLimit = '12800'
export const belowLimit = '1200'

/**
 * Starts a deployment of the product in this process, in demo mode: with its own database, fresh keys, an issuer's list
 * that went through the real import, gateways on this machine, and a clock that starts at the same time in every run.
 */
export async function startDeployment(environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'safekey-deployment-'))
  const clockFile = join(folder, 'clock')
  const put = (name: string, value: unknown) => Object.assign(globalThis, { [Symbol.for(`safekey.${name}`)]: value })
  // Its clock starts before those of earlier deployments in this process have ended.
  put('last-time-ordered-id', undefined)
  put('risk-policies', undefined)
  const log: string[] = []
  const options = { base: null, timestamp: () => `,"time":"${new Date(now()).toISOString()}"` }
  put('log', pino(options, { write: (line: string) => void log.push(line) }))

  const database = await freshDatabase()
  const mailbox = new Mailbox()
  const directoryServer = new DirectoryServerDouble()
  await Promise.all([mailbox.up(), directoryServer.start()])

  const issuerFile = join(folder, 'issuer.json')
  const ordinary = issuer(directoryServer.host)
  writeFileSync(issuerFile, JSON.stringify(ordinary))
  let settings: Record<string, string> = {
    PUBLIC_URL: 'https://acs.test',
    ISSUER_FILE: issuerFile,
    SMTP_URL: mailbox.url,
    DATABASE_URL: database.url,
    // demo/demo-mode.ts reads the clock here, for separate processes.
    DATA_DIR: folder,
    ...freshKeys(),
    ...environment,
  }
  /** Applies other settings, as a restart would. */
  const configure = (changes: Readonly<Record<string, string>>, mode: 'demo' | 'production' = 'demo') => {
    settings = { ...settings, ...changes }
    put('mode', { name: mode, clockFile })
    put('config', readConfig(settings, mode === 'demo'))
    put('keys', undefined)
  }
  let offset = start - Date.now()
  const setClock = () => writeFileSync(clockFile, String(offset))
  setClock()
  configure({})

  connect(database.url)
  const sql = postgres(database.url, { max: 2, onnotice: () => {} })

  let lists = 0
  /** Imports a list of cards; each line is an object or already JSON. */
  const importList = async (lines: readonly (object | string)[], outcome = '\n') => {
    const file = join(folder, `cards-${++lists}.ndjson`)
    writeFileSync(file, lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line)) + outcome).join(''))
    return importFile(file)
  }
  await importList(cardList)

  const verbs = {
    log,
    mailbox,
    directoryServer,
    sql,
    folder,
    url: database.url,
    configure,
    /** Replaces the issuer's file by one made from the ordinary one; takes effect with the next `configure`. */
    changeIssuer(change: (ordinary: IssuerJson) => object) {
      writeFileSync(issuerFile, JSON.stringify(change(ordinary)))
    },
    importList,
    setting: (name: string) => settings[name] ?? '',
    environment: () => settings,

    /** Advances the product's clock. */
    advance(seconds: number) {
      offset += Math.round(seconds * 1000)
      setClock()
    },

    /**
     * Advances the clock to the same time of the next day, so that earlier tests do not affect limits by hour or day.
     */
    toNextMorning() {
      const day = 24 * 60 * 60_000
      offset += day - ((now() - start) % day)
      setClock()
    },

    /** An AReq over the limit for Hanako's card, with new ids, as the directory server sends it. */
    message(overrides: Overrides = {}, version: MessageVersion = '2.2.0'): JsonObject {
      return sampleAReq(version, {
        threeDSServerTransID: randomUUID(),
        dsTransID: randomUUID(),
        dsURL: directoryServer.url,
        acctNumber: cards.hanako,
        purchaseAmount: overLimit,
        ...overrides,
      })
    },

    /** Sends an AReq and returns its ARes or Erro. */
    areq(overrides: Overrides = {}, version: MessageVersion = '2.2.0'): Promise<Answered> {
      return verbs.send(verbs.message(overrides, version))
    },

    async send(message: JsonObject, from = 'first'): Promise<Answered> {
      const caller = config().issuer.directoryServers.find(({ id }) => id === from)
      if (!caller) throw new Error(`no directory server ${from}`)
      return authenticate(Buffer.from(JSON.stringify(message)), caller)
    },

    /** Posts the CReq of a transaction, as a merchant's page does. */
    creq(
      ares: Answered,
      overrides: Overrides = {},
      sessionData?: string,
      openedAs: OpenedAs | null = null,
    ): Promise<Opened> {
      const { messageVersion = '', threeDSServerTransID = '', acsTransID = '' } = ares
      const ids = { messageVersion, threeDSServerTransID, acsTransID }
      const message = { messageType: 'CReq', ...ids, challengeWindowSize: '02', ...overrides }
      return openChallenge(Buffer.from(JSON.stringify(message)).toString('base64url'), sessionData, openedAs)
    },

    /** Makes a purchase up to the open window; its first code is not sent yet. */
    async window(overrides: Overrides = {}, version: MessageVersion = '2.2.0'): Promise<OpenWindow> {
      const ares = await verbs.areq(overrides, version)
      const opened = await verbs.creq(ares)
      if (opened.kind !== 'window') throw new Error(`no window: ${JSON.stringify([ares, opened])}`)
      return { ares, acsTransID: ares.acsTransID ?? '', windowKey: opened.windowKey }
    },

    /** Makes a purchase up to the code in the mailbox. */
    async windowWithCode(overrides: Overrides = {}, version: MessageVersion = '2.2.0') {
      const window = await verbs.window(overrides, version)
      await verbs.deliver()
      return { ...window, code: mailbox.code }
    },

    /** Sends once everything that is due, of all kinds or of one. */
    async deliver(only?: Kind): Promise<void> {
      const all = ['watch-notice', 'email', 'sms', 'push', 'rreq', 'erro', 'alert'] as const
      for (const kind of only ? [only] : all) {
        const sender = new Sender(handlers)
        // More may be due than may be sent concurrently.
        for (let round = 0; round < 4; round++) {
          await sender.startDue(kind)
          await sender.settled()
        }
      }
    },

    async runWorkerUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
      const worker = startWorker()
      try {
        await until(condition)
      } finally {
        await worker.stop()
      }
    },

    /** Our own id of an authentication and its challenge. */
    async idOf(acsTransID: string | undefined): Promise<string> {
      const [row] = await sql`select id from authentications where acs_trans_id = ${acsTransID ?? null}`
      return String(row?.id)
    },

    async challenge(acsTransID: string): Promise<Row> {
      const [row] = await sql`select * from challenges where acs_trans_id = ${acsTransID}`
      return row ?? {}
    },

    /** The proofs of a challenge, by method. */
    async proofs(acsTransID: string): Promise<Readonly<Record<string, Row>>> {
      const rows =
        await sql`select * from challenge_proofs where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID})`
      return Object.fromEntries(rows.map(row => [row.method, row]))
    },

    outbox(acsTransID: string, kind: 'rreq' | 'erro' | 'email' | 'sms'): Promise<Row[]> {
      return sql`select * from outbox where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID}) and kind = ${kind} order by created_at`
    },

    /** Every row of every table as text. */
    async dump(): Promise<string> {
      const tables = await sql`select tablename from pg_tables where schemaname = 'public' order by 1`
      const texts = await Promise.all(
        tables.map(async ({ tablename }) => {
          const rows = await sql`select t::text as line from ${sql(tablename)} t order by 1`
          return [tablename, ...rows.map(({ line }) => line)].join('\n')
        }),
      )
      return texts.join('\n')
    },

    async stop(): Promise<void> {
      await Promise.all([disconnect(), sql.end(), mailbox.down(), directoryServer.stop()])
      await database.drop()
      // A message of ours that its table does not allow fails the test file, whatever the tests looked at.
      const faulty = log.filter(line => line.includes('"message.faulty"'))
      if (faulty.length > 0) throw new Error(`messages that break their tables:\n${faulty.join('')}`)
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return verbs
}

export type Deployment = Awaited<ReturnType<typeof startDeployment>>

/** Imports a file; `complaints` are the lines that the operator reads. */
export async function importFile(file: string) {
  const complaints: string[] = []
  const bad = (line: number, reason: string) => complaints.push(`${line}: ${reason}`)
  const result = await importCards(file, { bytes: () => {}, bad })
  return { ...result, complaints }
}

function freshKeys(): Record<string, string> {
  return Object.fromEntries(purposes.map(purpose => [keyVariable(purpose), freshKey(1)]))
}

export function freshKey(id: number): string {
  return `${id}:${randomBytes(32).toString('base64')}`
}

/** A code other than this one. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}

/** Two directory servers: the first may send AReqs for all cards, the second only for those that begin with 34. */
function issuer(host: string): IssuerJson {
  // Without risk policies: tests of them add the member.
  const { risk: _, ...model } = JSON.parse(readFileSync(new URL('../../issuer.example.json', import.meta.url), 'utf8'))
  const { dsReferenceNumber: referenceNumber } = sampleAReq('2.2.0')
  const common = { hosts: [host], acsReferenceNumber: 'ACS-REF-0001' }
  return {
    ...model,
    ranges: [
      { id: 'range-37', from: '37', to: '37', length: 15 },
      { id: 'range-34', from: '34', to: '34', length: 15 },
    ],
    challengeAbove: { '392': '10000' },
    directoryServers: [
      {
        id: 'first',
        referenceNumber,
        clientName: 'first.ds.example',
        ranges: ['range-37', 'range-34'],
        acsOperatorID: 'OPERATOR-1',
        ...common,
      },
      { id: 'second', referenceNumber: 'SECOND-DS', clientName: 'second.ds.example', ranges: ['range-34'], ...common },
    ],
    authorisationHosts: [{ id: 'authorisation', clientName: 'authorisation.example', ranges: ['range-37'] }],
  }
}
