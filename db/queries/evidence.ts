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
  outbox,
} from '../schema.ts'

/** The events of a payment, whose reference is its acsTransID. */
const paymentEvents = [
  'payment-decided',
  'challenge-begun',
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
    .where(eq(challenges.acsTransID, acsTransID))
    .for('share')
  const [authentication] = await tx
    .select({
      directoryServer: authentications.directoryServer,
      dsTransID: authentications.dsTransID,
      decision: authentications.decision,
      areq: authentications.areq,
      ares: authentications.ares,
      createdAt: authentications.createdAt,
      cardId: authentications.cardId,
      lastFour: cards.lastFour,
    })
    .from(authentications)
    .leftJoin(cards, eq(cards.id, authentications.cardId))
    .where(eq(authentications.acsTransID, acsTransID))
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
    })
    .from(challengeProofs)
    .where(eq(challengeProofs.acsTransID, acsTransID))
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
    .where(eq(approvalRequests.acsTransID, acsTransID))
    .orderBy(asc(approvalRequests.createdAt))
  const sent = await tx
    .select({
      kind: outbox.kind,
      template: outbox.template,
      // Only a message of the challenge itself has it: a notice has `aboutId` alone.
      acsTransID: outbox.acsTransID,
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
    .where(or(eq(outbox.acsTransID, acsTransID), eq(outbox.aboutId, acsTransID)))
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
        eq(auditEvents.ref, acsTransID),
      ),
    )
    .orderBy(asc(auditEvents.at), asc(auditEvents.id))
  return { authentication, challenge, proofs, approvals, sent, events }
}
