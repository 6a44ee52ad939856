import { and, asc, between, eq, inArray, or } from 'drizzle-orm'
import type { AuditType } from '#domain/audit/events.ts'
import type { Queryable } from '../client.ts'
import {
  approvalRequests,
  auditEvents,
  authentications,
  cards,
  challengeProofs,
  challenges,
  contactChanges,
  outbox,
  transactionIds,
} from '../schema.ts'

/** The events of a payment, whose reference is its authentication. */
const paymentEvents = [
  'payment-decided',
  'challenge-begun',
  'approval-answered',
  'facts-checked',
  'contact-registered',
  'challenge-ended',
  'result-undelivered',
] as const satisfies readonly AuditType[]

const minute = 60_000
/** A result is given up long before. */
const longestAfter = 24 * 60 * minute

export type EvidenceRows = NonNullable<Awaited<ReturnType<typeof evidenceRows>>>

/**
 * Everything that is stored about one authentication and that proves what happened: no code, no HMAC, no contact in
 * clear. `at` is the present. Locks the challenge, so that all rows are of one moment. Undefined if there is no such authentication.
 */
export async function evidenceRows(tx: Queryable, acsTransID: string, at: number) {
  const id = await authenticationIdOf(tx, acsTransID)
  if (id === undefined) return undefined
  const [challenge] = await tx
    .select({
      state: challenges.state,
      outcome: challenges.outcome,
      preference: challenges.preference,
      selected: challenges.selected,
      outOfBand: challenges.outOfBand,
      attempts: challenges.attempts,
      sends: challenges.sends,
      interactions: challenges.interactions,
      language: challenges.language,
      purchase: challenges.purchase,
      createdAt: challenges.createdAt,
      openedAt: challenges.openedAt,
      endedAt: challenges.endedAt,
      reportedAt: challenges.reportedAt,
    })
    .from(challenges)
    .where(eq(challenges.id, id))
    .for('share')
  const [authentication] = await tx
    .select({
      directoryServer: authentications.directoryServer,
      dsTransID: authentications.dsTransID,
      decision: authentications.decision,
      areq: authentications.areq,
      ares: authentications.ares,
      risk: authentications.risk,
      createdAt: authentications.createdAt,
      cardId: authentications.cardId,
      lastFour: cards.lastFour,
    })
    .from(authentications)
    .leftJoin(cards, eq(cards.id, authentications.cardId))
    .where(eq(authentications.id, id))
  if (!authentication) return undefined
  const proofs = await tx
    .select({
      method: challengeProofs.method,
      state: challengeProofs.state,
      destination: challengeProofs.destination,
      request: challengeProofs.request,
      nonce: challengeProofs.nonce,
      evidence: challengeProofs.evidence,
      begunAt: challengeProofs.begunAt,
      provedAt: challengeProofs.provedAt,
      facts: challengeProofs.facts,
      factsProvedAt: challengeProofs.factsProvedAt,
    })
    .from(challengeProofs)
    .where(eq(challengeProofs.challengeId, id))
    .orderBy(asc(challengeProofs.begunAt), asc(challengeProofs.method))
  const approvals = await tx
    .select({
      state: approvalRequests.state,
      content: approvalRequests.content,
      nonce: approvalRequests.nonce,
      evidence: approvalRequests.evidence,
      createdAt: approvalRequests.createdAt,
      expiresAt: approvalRequests.expiresAt,
      endedAt: approvalRequests.endedAt,
    })
    .from(approvalRequests)
    .where(eq(approvalRequests.challengeId, id))
    .orderBy(asc(approvalRequests.createdAt))
  const registered = await tx
    .select({ id: contactChanges.id })
    .from(contactChanges)
    .where(eq(contactChanges.challengeId, id))
  const sent = await tx
    .select({
      kind: outbox.kind,
      template: outbox.template,
      body: outbox.body,
      tries: outbox.tries,
      gateway: outbox.gateway,
      gatewayRef: outbox.gatewayRef,
      createdAt: outbox.createdAt,
      expiresAt: outbox.expiresAt,
      handedOverAt: outbox.handedOverAt,
      deliveredAt: outbox.deliveredAt,
      failedAt: outbox.failedAt,
    })
    .from(outbox)
    .where(or(eq(outbox.challengeId, id), inArray(outbox.aboutId, [id, ...registered.map(change => change.id)])))
    .orderBy(asc(outbox.createdAt), asc(outbox.id))
  const { createdAt } = authentication
  // `ref` has no index, so the time limits what is read.
  const until = (challenge ? (challenge.endedAt ?? at) : createdAt) + longestAfter
  const events = await tx
    .select({ type: auditEvents.type, at: auditEvents.at, fields: auditEvents.fields })
    .from(auditEvents)
    .where(
      and(
        inArray(auditEvents.type, [...paymentEvents]),
        between(auditEvents.at, createdAt - minute, until),
        eq(auditEvents.ref, id),
      ),
    )
    .orderBy(asc(auditEvents.at), asc(auditEvents.id))
  return { id, authentication, challenge, proofs, approvals, sent, events }
}

/**
 * The index of acsTransIDs has only those with a challenge, and not for as long as authentications are kept. Others are
 * found by reading all authentications, which an operator can wait for.
 */
export async function authenticationIdOf(tx: Queryable, acsTransID: string): Promise<string | undefined> {
  const [known] = await tx
    .select({ id: transactionIds.authenticationId })
    .from(transactionIds)
    .where(eq(transactionIds.acsTransID, acsTransID))
  if (known) return known.id
  const [found] = await tx
    .select({ id: authentications.id })
    .from(authentications)
    .where(eq(authentications.acsTransID, acsTransID))
    .limit(1)
  return found?.id
}
