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
import { newId } from '../platform/crypto.ts'
import { contactContext, contactHmacs, type Hmac, keys, namesContext } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { type CardLine, type ReadLine, readCardLine } from './card-line.ts'
import { EarlierLines } from './earlier-lines.ts'

export interface ImportProgress {
  /** Bytes of the file that are done. */
  bytes(done: number): void
  /** A line that was left out, by its number from 1; the reason repeats nothing of it. */
  bad(line: number, reason: string): void
}

export interface ImportResult {
  readonly imported: number
  readonly bad: number
}

const batchSize = 500
/** Longest line, bytes: names and contacts fit twenty times over. */
const longestLine = 65_536

/** Reads the issuer's list, of any size, and brings the database to what it says. Running it again changes nothing. */
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

/** A line that contradicts an earlier one is left out: which of them is right, only the issuer can say. */
function againstEarlier(earlier: EarlierLines, number: number, text: string): ReadLine {
  const read = readCardLine(text, config().issuer)
  const found = read.kind === 'card' ? earlier.take(number, read.card) : undefined
  if (!found) return read
  return { kind: 'bad', reason: `${found.member} is that of line ${found.line}, and they differ in ${found.differs}` }
}

/** Strict, so that a list in another encoding is not taken in garbled; a byte order mark is passed over. */
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

/** Lines with how many bytes have been read; undefined for one that is too long, which is never held as a whole. */
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

/** Lines about one cardholder agree. Answers our id for each of the issuer's. */
async function writeCardholders(tx: Queryable, lines: readonly CardLine[], at: number): Promise<Map<string, string>> {
  const wanted = new Map(lines.map(line => [line.cardholderId, line]))
  const found = new Map((await cardholdersByRef(tx, [...wanted.keys()])).map(row => [row.issuerRef, row]))
  const ids = new Map<string, string>()
  const changed = []
  for (const [issuerRef, { names, language }] of wanted) {
    const row = found.get(issuerRef)
    const id = row?.id ?? newId()
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
    changed.map(({ id }) => ({ cardholderId: id, subject: newId() })),
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
      id: row?.id ?? newId(),
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
 * A contact takes effect at once, for the issuer has proved it. What it said before and says again changes nothing, unless
 * it took that back in between; what the cardholder changed since stays.
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
      // A number that its owner has stopped does not work again because the list says so, the first time or once more.
      // Nor does a value in dispute, or one that a report took away.
      const frozen = known.filter(row => row.frozenAt !== null)
      if (frozen.some(({ valueHmac }) => hmacs.some(({ hmac }) => hmac.equals(valueHmac)))) continue
      if (known.some(({ endedAt }) => endedAt === null)) await endContacts(tx, cardholderId, kind, at)
      added.push({
        id: newId(),
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

/** What the lines say of each cardholder's contacts: the last line that has the member, for one without it says nothing. */
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
      // The cardholder is part of it, so that equal birthdays have nothing in common.
      facts.set(`${cardholderId}/${kind}`, {
        cardholderId,
        kind,
        ...(await keys().mac('proof-fact', `${cardholderId}\0${kind}\0${value}`)),
      })
    }
  }
  await upsertProofFacts(tx, [...facts.values()])
}

/** Whose a subject of the identity provider is; of no use where there is none. */
async function writeIdentities(tx: Queryable, lines: readonly CardLine[], ids: Map<string, string>, linkedAt: number) {
  const issuer = config().identityProvider?.issuer
  if (issuer === undefined) return
  const byCardholder = new Map<string, string>()
  for (const { cardholderId, identitySubject } of lines) {
    if (!identitySubject) continue
    // The later line comes later in the map, too.
    byCardholder.delete(cardholderId)
    byCardholder.set(cardholderId, identitySubject)
  }
  const bySubject = new Map([...byCardholder].map(([ref, subject]) => [subject, ids.get(ref) ?? '']))
  const rows = [...bySubject].map(([subject, cardholderId]) => ({ issuer, subject, cardholderId, linkedAt }))
  // The person who signed in by the earlier subject may be another one.
  for (const cardholderId of await replaceIdentities(tx, rows)) {
    const count = await endSessions(tx, cardholderId, linkedAt)
    if (count > 0) await audit(tx, { type: 'sessions-ended', count, cardholderId })
    log.info('sessions.ended', { cardholderId, count })
  }
}
