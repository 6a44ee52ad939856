import { database, type Queryable } from '#db/client.ts'
import { type ActivityIds, type ActivityKind, activityRows, paymentRef } from '#db/queries/activity.ts'
import { auditEventsOf } from '#db/queries/audit.ts'
import type { Purchase } from '#db/schema.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { AuditType } from '#domain/audit/events.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { maskPhone } from '#domain/contact/mask.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { AskingRule } from '#domain/risk/rules.ts'
import { type ToldReason, toldReasons } from '#domain/risk/told-reasons.ts'
import { now } from '../platform/clock.ts'
import { contactContext, keys } from '../platform/keys.ts'
import type { Actor } from './actor.ts'
import { isId } from './sessions.ts'

/** A sign-in, a change or a payment, as the cardholder sees it. */
export type ActivityEntry = {
  readonly id: string
  readonly at: number
  /** The cardholder has reported it as "this was not me". */
  readonly reported: boolean
} & (
  | {
      readonly kind: 'sign-in'
      readonly method: SignInMethod
      readonly device: string
      /** It opened the session that is reading the list. */
      readonly current: boolean
    }
  | { readonly kind: 'change'; readonly contact: ContactKind; readonly masked: string; readonly state: string }
  /**
   * Codes to a mobile number were stopped. Until `until`, an account without another number cannot pass larger
   * purchases by e-mail alone.
   */
  | { readonly kind: 'stop'; readonly masked: string; readonly until: number }
  /** A merchant became trusted. */
  | { readonly kind: 'trust'; readonly merchantName: string; readonly removed: boolean }
  | {
      readonly kind: 'payment'
      readonly purchase: Purchase
      readonly lastFour: string
      /** Undefined while the challenge is under way. */
      readonly outcome: Outcome | undefined
      /** Why it was asked about; empty where that is not told. */
      readonly reasons: readonly ToldReason[]
    }
)

/** The entries that a cardholder can report as "this was not me" from the list. */
export type ReportableEntry = Exclude<ActivityEntry, { readonly kind: 'stop' | 'trust' }>

export interface ActivityPage {
  readonly entries: readonly ActivityEntry[]
  /** The `before` of the next page, in milliseconds; undefined on the last page. */
  readonly next: number | undefined
}

const pageSize = 20
/** The number of entries in the CSV export, which is not paged: the newest ones. */
const exported = 5000

/** The audit events that the activity shows, and the kind of entry that each becomes. */
const shown = {
  'signed-in': 'sign-in',
  'contact-change-requested': 'change',
  'contact-stopped': 'stop',
  'merchant-trusted': 'trust',
  'challenge-begun': 'payment',
} as const satisfies { readonly [type in AuditType]?: ActivityEntry['kind'] }

type Shown = keyof typeof shown

/**
 * One page of the cardholder's sign-ins, changes, stopped numbers, trusted merchants and challenged payments, newest
 * first. `before`: a time in milliseconds; the page has only what happened earlier.
 */
export async function readActivity(actor: Actor, before: number | undefined): Promise<ActivityPage> {
  return read(actor, before, pageSize)
}

/** The newest challenged payments, at most `most`. */
export async function readLatestPayments(actor: Actor, most: number): Promise<readonly ActivityEntry[]> {
  return (await read(actor, undefined, most, ['challenge-begun'])).entries
}

export async function exportActivity(actor: Actor): Promise<readonly ActivityEntry[]> {
  return (await read(actor, undefined, exported)).entries
}

/** One entry of the actor's own; undefined if it does not exist or belongs to another cardholder. */
export async function readActivityEntry(
  actor: Actor,
  kind: string,
  id: string,
  db: Queryable = database(),
): Promise<ReportableEntry | undefined> {
  if (!isKind(kind) || !isId(id)) return undefined
  const ref = kind === 'payment' ? await paymentRef(db, actor.cardholderId, id) : id
  if (!ref) return undefined
  const rows = await activityRows(db, actor.cardholderId, { ...noIds(), [kind]: [ref] })
  return reportable(actor, rows)[0]
}

async function read(
  actor: Actor,
  before = now() + 1,
  size: number,
  types = Object.keys(shown) as Shown[],
): Promise<ActivityPage> {
  const { cardholderId } = actor
  const found = await auditEventsOf(database(), cardholderId, types, before, size + 1)
  const page = found.slice(0, size)
  const ids = noIds()
  for (const { type, ref } of page) if (ref) ids[shown[type as Shown]].push(ref)
  const rows = await activityRows(database(), cardholderId, ids)
  const refs = new Map(rows.payments.map(({ id, ref }) => [id, ref]))
  const own = new Map<string | null, ActivityEntry>(
    [...reportable(actor, rows), ...(await stopped(actor, rows.stops)), ...trusted(rows.trusts)].map(one => [
      refs.get(one.id) ?? one.id,
      one,
    ]),
  )
  // The row that an event refers to may have been deleted since.
  const entries = page.flatMap(({ ref }) => own.get(ref) ?? [])
  return { entries, next: found.length > size ? page.at(-1)?.at : undefined }
}

function noIds(): ActivityIds {
  return { 'sign-in': [], change: [], stop: [], trust: [], payment: [] }
}

type Rows = Awaited<ReturnType<typeof activityRows>>

function reportable({ sessionId }: Actor, { signIns, changes, payments }: Rows): ReportableEntry[] {
  const common = ({ id, at, reportedAt }: { id: string; at: number; reportedAt: number | null }) => ({
    ...{ id, at, reported: reportedAt !== null },
  })
  return [
    ...signIns.map(row => ({
      ...{ ...common(row), kind: 'sign-in' as const, current: row.id === sessionId },
      ...{ method: row.method, device: row.device },
    })),
    ...changes.map(row => ({
      ...{ ...common(row), kind: 'change' as const, reported: row.reportedAt !== null || row.outcome === 'reported' },
      ...{ contact: row.kind, masked: row.masked, state: row.outcome ?? row.state },
    })),
    ...payments.map(row => ({
      ...{ ...common(row), kind: 'payment' as const },
      ...{ purchase: row.purchase, lastFour: row.lastFour, outcome: row.outcome ?? undefined },
      reasons: toldReasons(ruleOf(row.decision), row.risk),
    })),
  ]
}

/** As `rowOf` (server/authentication/answer.ts) writes it, after `challenge-` or `decoupled-`. */
function ruleOf(decision: string): AskingRule {
  return decision.slice(decision.indexOf('-') + 1) as AskingRule
}

/** Not reportable from the list: the notice about it has its own link and code for that. */
function stopped({ cardholderId }: Actor, rows: Rows['stops']): Promise<ActivityEntry[]> {
  return Promise.all(
    rows.map(async ({ id, value, at }) => {
      const stoppedAt = at ?? 0
      const masked = maskPhone(await keys().decrypt('contact', value, contactContext(cardholderId, 'mobile')))
      const until = stoppedAt + contactPolicy.stoppedNumberRestricted
      return { id, at: stoppedAt, reported: false, kind: 'stop' as const, masked, until }
    }),
  )
}

/** Not reportable from the list either. */
function trusted(rows: Rows['trusts']): ActivityEntry[] {
  return rows.map(({ id, at, merchantName, removedAt }) => ({
    ...{ id, at, reported: false, kind: 'trust' as const, merchantName, removed: removedAt !== null },
  }))
}

function isKind(kind: string): kind is ActivityKind {
  return ['sign-in', 'change', 'payment'].includes(kind)
}
