import type { Queryable } from '#db/client.ts'
import { insertAlert, lockHolder } from '#db/queries/alerts.ts'
import { enqueue } from '#db/queries/outbox.ts'
import { addToTallies } from '#db/queries/tallies.ts'
import { windowOf } from '#domain/account/policy.ts'
import { hour } from '#domain/risk/history/rows.ts'
import type { WatchEvent } from '#domain/watch/event.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { type Hit, paymentOf, type RuleId, type Subject } from '#domain/watch/rules.ts'
import { issuerNoticeLifetime, noticeLifetime, queueMessage } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newId, newToken } from '../platform/crypto.ts'
import { tallyKey } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { words } from '../platform/words.ts'
import type { Unusual } from './notice.ts'

/** What the issuer's web-hook gets: no personal data (docs/alerts.md). */
export interface AlertMessage {
  readonly id: string
  readonly nonce: string
  readonly rule: RuleId
  readonly subject: { readonly kind: Subject['kind']; readonly id: string }
  readonly count: number
  /** ISO 8601 in UTC. */
  readonly raisedAt: string
  /** The payment in which it was found. */
  readonly acsTransID?: string
}

/** Saves an alert and queues what the issuer and the cardholder get, unless its rule has raised it in this window. */
export async function raise(
  tx: Queryable,
  { rule, subject, count, per, notice }: Hit,
  event: WatchEvent,
  authenticationId: string | undefined,
): Promise<void> {
  const at = now()
  const payment = paymentOf(event)
  const holder = await holderOf(tx, event)
  const [id, nonce] = [newId(at), newToken()]
  const isNew = await insertAlert(tx, {
    ...{ id, rule, subjectKind: subject.kind, subject: subject.key, count, nonce, raisedAt: at },
    windowAt: windowOf(per, event.at).beginsAt,
    // Other cards are only where it happened: an alert about a network is about no one of them.
    ...(isAboutHolder(subject) && { cardId: holder?.cardId ?? null, cardholderId: holder?.cardholderId ?? null }),
    authenticationId: authenticationId ?? null,
  })
  if (!isNew) return
  log.warn('alert.raised', { kind: rule, count })
  await tellIssuer(tx, {
    ...{ id, nonce, rule, subject: { kind: subject.kind, id: subject.key }, count },
    raisedAt: new Date(at).toISOString(),
    ...(payment && { acsTransID: payment.id }),
  })
  if (!notice || !holder) return
  const { cardholderId, lastFour } = holder
  const about = { notice, alertId: id, cardholderId, lastFour, happenedAt: payment?.at ?? event.at }
  await queueNotice(tx, { ...about, ...(authenticationId && { authenticationId }) }, at)
}

function isAboutHolder({ kind }: Subject): boolean {
  return kind === 'card' || kind === 'cardholder'
}

async function queueNotice(tx: Queryable, unusual: Unusual, at: number): Promise<void> {
  const { cardholderId, notice } = unusual
  const row = { id: newId(at), kind: 'watch-notice', cardholderId, template: notice } as const
  await enqueue(tx, {
    ...{ ...row, body: JSON.stringify(unusual), nextAt: at },
    ...{ expiresAt: at + noticeLifetime, createdAt: at },
  })
}

/** The card of an event, if it still exists. It is not deleted before the transaction ends. */
async function holderOf(tx: Queryable, event: WatchEvent) {
  const card = 'card' in event ? event.card : paymentOf(event)?.card
  return card === undefined ? undefined : lockHolder(tx, card)
}

async function tellIssuer(tx: Queryable, message: AlertMessage): Promise<void> {
  const { alertHook, issuer } = config()
  const { id, rule, count } = message
  const at = now()
  if (alertHook) {
    const row = { id: newId(at), kind: 'alert', aboutId: id, template: rule, body: JSON.stringify(message) } as const
    await enqueue(tx, { ...row, nextAt: at, expiresAt: at + watchPolicy.deliverFor, createdAt: at })
  }
  const to = issuer.risk?.alerts?.emailTo
  if (!to) return
  const [sent = 0] = await addToTallies(tx, [await tallyKey('watch.emails', '', hour, at)], 1)
  if (sent > watchPolicy.emailsInHour) return
  const isLast = sent === watchPolicy.emailsInHour
  if (isLast) log.warn('limit.reached', { kind: 'watch.emails' })
  const values = { rule: words('ja')(`message.alert.${rule}`), count, alert: id, more: isLast ? 'yes' : 'no' }
  const content = { kind: 'notice', words: 'issuer-alert', values } as const
  const expiresAt = at + issuerNoticeLifetime
  await queueMessage(tx, { channel: 'email', to, language: 'ja', content, aboutId: id, expiresAt }, at)
}
