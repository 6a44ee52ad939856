import { createReadStream } from 'node:fs'
import { type Queryable, transaction } from '#db/client.ts'
import { insertAuditSubjects } from '#db/queries/audit.ts'
import {
  cardholdersByRef,
  cardsByHmac,
  contactsOf,
  endContacts,
  holdImportLock,
  insertContacts,
  upsertCardholders,
  upsertCards,
  upsertProofFacts,
} from '#db/queries/card-list.ts'
import { replaceIdentities } from '#db/queries/identities.ts'
import { endSessions } from '#db/queries/sessions.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newId, newRandomId } from '../platform/crypto.ts'
import { contactContext, contactHmacs, type Hmac, keys, namesContext } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { type CardLine, type ReadLine, readCardLine } from './card-line.ts'
import { EarlierLines } from './earlier-lines.ts'

export interface ImportProgress {
  /** Reports how many bytes of the file have been processed. */
  bytes(done: number): void
  /** Reports a line that was left out, by its number from 1. The reason has none of the line's content. */
  bad(line: number, reason: string): void
}

export interface ImportResult {
  readonly imported: number
  readonly bad: number
}

const batchSize = 500
/** The longest permitted line in bytes: names and contacts fit twenty times over. */
const longestLine = 65_536

/** Imports the issuer's list, of any size, and updates the database to match it. Importing it again changes nothing. */
export async function importCards(file: string, progress: ImportProgress): Promise<ImportResult> {
  let [imported, bad, number] = [0, 0, 0]
  let batch: CardLine[] = []
  const earlier = new EarlierLines()
  const write = async () => {
    if (batch.length > 0) await transaction(tx => writeBatch(tx, batch))
    imported += batch.length
    batch = []
  }
  for await (const { line, bytes } of linesOf(file)) {
    number += 1
    progress.bytes(bytes)
    const text = line && decode(line)
    if (text?.trim() === '') continue
    const read = text === undefined ? unreadable(line) : againstEarlier(earlier, number, text)
    if (read.kind === 'card') batch.push(read.card)
    else {
      bad += 1
      progress.bad(number, read.reason)
    }
    if (batch.length === batchSize) await write()
  }
  await write()
  return { imported, bad }
}

/** Leaves out a line that contradicts an earlier one: only the issuer can say which of them is right. */
function againstEarlier(earlier: EarlierLines, number: number, text: string): ReadLine {
  const read = readCardLine(text, config().issuer)
  const found = read.kind === 'card' ? earlier.take(number, read.card) : undefined
  if (!found) return read
  return { kind: 'bad', reason: `${found.member} is that of line ${found.line}, and they differ in ${found.differs}` }
}

/** Strict, so that a list in another encoding is refused instead of imported garbled. Skips a byte order mark. */
function decode(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line)
  } catch {
    return undefined
  }
}

function unreadable(line: Buffer | undefined): ReadLine {
  return { kind: 'bad', reason: line ? 'is not UTF-8' : `is longer than ${longestLine} bytes` }
}

/**
 * The lines of a file, each with the bytes read so far. `line` is undefined for a line that is too long, which is never
 * held in memory as a whole.
 */
async function* linesOf(file: string): AsyncGenerator<{ line: Buffer | undefined; bytes: number }> {
  let rest: Buffer = Buffer.alloc(0)
  let tooLong = false
  let bytes = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([rest, chunk.subarray(from, at)])
      yield { line: tooLong || line.length > longestLine ? undefined : line, bytes }
      rest = Buffer.alloc(0)
      tooLong = false
      from = at + 1
    }
    rest = Buffer.concat([rest, chunk.subarray(from)])
    if (rest.length > longestLine) {
      tooLong = true
      rest = Buffer.alloc(0)
    }
  }
  if (rest.length > 0 || tooLong) yield { line: tooLong ? undefined : rest, bytes }
}

async function writeBatch(tx: Queryable, lines: readonly CardLine[]): Promise<void> {
  await holdImportLock(tx)
  const at = now()
  const ids = await writeCardholders(tx, lines, at)
  await writeCards(tx, lines, ids, at)
  await writeContacts(tx, lines, ids, at)
  await writeProofFacts(tx, lines, ids)
  await writeIdentities(tx, lines, ids, at)
}

/** Writes the cardholders and returns our id for each of the issuer's ids. Lines about one cardholder agree by now. */
async function writeCardholders(tx: Queryable, lines: readonly CardLine[], at: number): Promise<Map<string, string>> {
  const wanted = new Map(lines.map(line => [line.cardholderId, line]))
  const found = new Map((await cardholdersByRef(tx, [...wanted.keys()])).map(row => [row.issuerRef, row]))
  const ids = new Map<string, string>()
  const changed = []
  for (const [issuerRef, { names, language }] of wanted) {
    const row = found.get(issuerRef)
    const id = row?.id ?? newId(at)
    ids.set(issuerRef, id)
    const context = namesContext(id)
    const text = JSON.stringify(names)
    const same = row?.language === language && (await keys().decrypt('contact', row.names, context)) === text
    if (!same)
      changed.push({ id, issuerRef, language, names: await keys().encrypt('contact', text, context), updatedAt: at })
  }
  await upsertCardholders(tx, changed)
  await insertAuditSubjects(
    tx,
    changed.map(({ id }) => ({ cardholderId: id, subject: newRandomId() })),
  )
  return ids
}

async function writeCards(tx: Queryable, lines: readonly CardLine[], ids: Map<string, string>, at: number) {
  const byNumber = new Map<string, { line: CardLine; hmacs: Hmac[] }>()
  for (const line of lines) {
    byNumber.set(line.cardNumber, { line, hmacs: await keys().macs('card-lookup', line.cardNumber) })
  }
  const all = [...byNumber.values()].flatMap(({ hmacs }) => hmacs.map(({ hmac }) => hmac))
  const found = new Map((await cardsByHmac(tx, all)).map(row => [row.numberHmac.toString('hex'), row]))
  const changed = []
  for (const { line, hmacs } of byNumber.values()) {
    const [inUse] = hmacs
    if (!inUse) continue
    const row = hmacs.map(({ hmac }) => found.get(hmac.toString('hex'))).find(known => known !== undefined)
    const cardholderId = ids.get(line.cardholderId) ?? ''
    const same =
      row?.numberHmac.equals(inUse.hmac) &&
      row.cardholderId === cardholderId &&
      row.status === line.status &&
      row.expiresAt === line.expiresAt
    if (same) continue
    changed.push({
      id: row?.id ?? newId(at),
      cardholderId,
      numberHmac: inUse.hmac,
      numberKeyId: inUse.keyId,
      lastFour: line.cardNumber.slice(-4),
      status: line.status,
      expiresAt: line.expiresAt,
      updatedAt: at,
    })
  }
  await upsertCards(tx, changed)
}

/**
 * Writes the contacts, which are effective at once, because the issuer has verified them. A contact that the issuer
 * sent before changes nothing, unless the issuer withdrew it in between; what the cardholder has changed since stays.
 */
async function writeContacts(tx: Queryable, lines: readonly CardLine[], ids: Map<string, string>, at: number) {
  const said = lastContacts(lines)
  const earlier = await contactsOf(tx, [...ids.values()])
  const added = []
  for (const [issuerRef, cardholderId] of ids) {
    const own = earlier.filter(row => row.cardholderId === cardholderId)
    for (const kind of ['email', 'mobile'] as const) {
      const value = said.get(issuerRef)?.[kind]
      if (value === undefined) continue
      const known = own.filter(row => row.kind === kind)
      const last = known.find(({ source }) => source === 'issuer')
      if (value === null) {
        if (last && last.endedAt === null) await endContacts(tx, cardholderId, kind, at)
        continue
      }
      const hmacs = await contactHmacs(kind, value)
      const [inUse] = hmacs
      if (!inUse) continue
      if (last && hmacs.some(({ hmac }) => hmac.equals(last.valueHmac))) {
        const changedSince = known.some(row => row.source === 'cardholder' && row.effectiveAt >= last.effectiveAt)
        if (last.endedAt === null || changedSince) continue
      }
      // A list must not restore a number that its owner stopped, a value in dispute, or one that a report removed,
      // whether it names the value for the first time or again.
      const frozen = known.filter(row => row.frozenAt !== null)
      if (frozen.some(({ valueHmac }) => hmacs.some(({ hmac }) => hmac.equals(valueHmac)))) continue
      if (known.some(({ endedAt }) => endedAt === null)) await endContacts(tx, cardholderId, kind, at)
      added.push({
        id: newId(at),
        cardholderId,
        kind,
        value: await keys().encrypt('contact', value, contactContext(cardholderId, kind)),
        valueHmac: inUse.hmac,
        valueKeyId: inUse.keyId,
        source: 'issuer' as const,
        effectiveAt: at,
      })
    }
  }
  await insertContacts(tx, added)
}

/**
 * The contacts of each cardholder: the last line that has the member applies, and a line without it changes nothing.
 */
function lastContacts(lines: readonly CardLine[]): Map<string, Pick<CardLine, 'email' | 'mobile'>> {
  const said = new Map<string, Pick<CardLine, 'email' | 'mobile'>>()
  for (const { cardholderId, email, mobile } of lines) {
    const before = said.get(cardholderId)
    said.set(cardholderId, {
      ...before,
      ...(email !== undefined && { email }),
      ...(mobile !== undefined && { mobile }),
    })
  }
  return said
}

async function writeProofFacts(tx: Queryable, lines: readonly CardLine[], ids: Map<string, string>) {
  const facts = new Map<
    string,
    { cardholderId: string; kind: 'debit-account' | 'date-of-birth'; hmac: Buffer; keyId: number }
  >()
  for (const line of lines) {
    const cardholderId = ids.get(line.cardholderId) ?? ''
    const given = { 'debit-account': line.debitAccountLastFour, 'date-of-birth': line.dateOfBirth } as const
    for (const kind of ['debit-account', 'date-of-birth'] as const) {
      const value = given[kind]
      if (value === undefined) continue
      // The HMAC includes the cardholder, so that equal birthdays do not have equal HMACs.
      facts.set(`${cardholderId}/${kind}`, {
        cardholderId,
        kind,
        ...(await keys().mac('proof-fact', `${cardholderId}\0${kind}\0${value}`)),
      })
    }
  }
  await upsertProofFacts(tx, [...facts.values()])
}

/** Links the identity provider's subjects to cardholders. Without an identity provider it does nothing. */
async function writeIdentities(tx: Queryable, lines: readonly CardLine[], ids: Map<string, string>, linkedAt: number) {
  const issuer = config().identityProvider?.issuer
  if (issuer === undefined) return
  const byCardholder = new Map<string, string>()
  for (const { cardholderId, identitySubject } of lines) {
    if (!identitySubject) continue
    // So that the map is in the order of the last lines, and the later line takes precedence.
    byCardholder.delete(cardholderId)
    byCardholder.set(cardholderId, identitySubject)
  }
  const bySubject = new Map([...byCardholder].map(([ref, subject]) => [subject, ids.get(ref) ?? '']))
  const rows = [...bySubject].map(([subject, cardholderId]) => ({ issuer, subject, cardholderId, linkedAt }))
  // The person who signed in with the earlier subject may be another one, so their sessions end.
  for (const cardholderId of await replaceIdentities(tx, rows)) {
    const count = await endSessions(tx, cardholderId, linkedAt)
    if (count > 0) await audit(tx, { type: 'sessions-ended', count, cardholderId })
    log.info('sessions.ended', { cardholderId, count })
  }
}
