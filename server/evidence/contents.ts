import type { EvidenceRows } from '#db/queries/evidence.ts'
import type { MethodId } from '#domain/methods/registry.ts'

// What the evidence of a payment says. docs/evidence.md describes each member.

/** The version of the format: a member may be added to it, but none is removed and none changes its meaning. */
const format = 'safekey-evidence/1'

/** Where and when the evidence is made. */
export interface Made {
  readonly acsTransID: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly origin: string
  readonly passkeyDomain: string
  readonly retentionDays: number
}

export type Evidence = ReturnType<typeof evidenceOf>

/**
 * The evidence as JSON values: times in ISO 8601 (UTC), bytes in base64url, absent values null. `first`: the first of
 * the two authentications of a secure payment confirmation, if this is the second.
 */
export function evidenceOf(rows: EvidenceRows, made: Made, first?: EvidenceRows) {
  const { authentication, challenge, proofs, approvals, sent, events } = rows
  const { directoryServer, dsTransID, decision, areq, ares, risk, createdAt, lastFour } = authentication
  const fieldsOf = (type: string) => events.find(event => event.type === type)?.fields
  const ofKind = (kind: string) =>
    sent.filter(row => row.kind === kind).map(({ body, ...row }) => ({ ...times(row), message: parse(body) }))
  return {
    format,
    madeAt: time(made.at),
    deployment: { origin: made.origin, passkeyDomain: made.passkeyDomain },
    acsTransID: made.acsTransID,
    card: lastFour === null ? null : { lastFour },
    decision: {
      directoryServer,
      dsTransID,
      at: time(createdAt),
      decision,
      rule: fieldsOf('payment-decided')?.rule ?? null,
      policy: risk?.policy === undefined ? null : { name: risk.policy, outcome: risk.outcome },
    },
    messages: { AReq: areq, ARes: ares, RReq: ofKind('rreq'), Erro: ofKind('erro') },
    challenge: challenge
      ? {
          state: challenge.state,
          purchase: challenge.purchase,
          language: challenge.language,
          begunAt: time(challenge.createdAt),
          openedAt: time(challenge.openedAt),
          endedAt: time(challenge.endedAt),
          reportedAt: time(challenge.reportedAt),
          answersCompared: challenge.attempts,
          codesSent: challenge.sends,
          submissions: challenge.interactions,
        }
      : null,
    methods: challenge
      ? {
          offered: fieldsOf('challenge-begun')?.methods ?? null,
          preference: challenge.preference,
          selectedLast: challenge.selected,
          outOfBand: challenge.outOfBand,
        }
      : null,
    sent: sent
      .filter(({ kind }) => kind === 'email' || kind === 'sms' || kind === 'push')
      .map(row => ({
        channel: row.kind,
        template: row.template,
        to: row.template === 'payment-code' ? destinationOf(row.kind, proofs) : null,
        gateway: row.gateway,
        gatewayRef: row.gatewayRef,
        ...times(row),
      })),
    proofs: proofs.map(proofOf),
    spc: first ? spcOf(first) : null,
    approvals: approvals.map(({ state, content, nonce, evidence, createdAt: askedAt, endedAt, expiresAt }) => ({
      state,
      askedAt: time(askedAt),
      expiresAt: time(expiresAt),
      endedAt: time(endedAt),
      content,
      nonce: nonce.toString('base64url'),
      evidence,
    })),
    outcome: challenge?.outcome ?? null,
    events: events.map(({ type, at, fields }) => ({ type, at: time(at), fields })),
    notIncluded,
    purged: purged(rows, made),
  }
}

function proofOf(proof: EvidenceRows['proofs'][number]) {
  const { method, state, destination, request, nonce, evidence, begunAt, provedAt, facts, factsProvedAt } = proof
  return {
    method,
    state,
    destination,
    begunAt: time(begunAt),
    provedAt: time(provedAt),
    facts: facts && { kinds: facts, provedAt: time(factsProvedAt) },
    signed: evidence && request && nonce ? { text: request, nonce: nonce.toString('base64url'), evidence } : null,
  }
}

function spcOf({ authentication: { areq, ares }, proofs }: EvidenceRows) {
  return { messages: { AReq: areq, ARes: ares }, proofs: proofs.map(proofOf) }
}

const notIncluded = [
  'card number and card code',
  'elements of the AReq that identify the cardholder (docs/data.md)',
  'codes: only an HMAC, until the challenge ended',
  'contacts to which notices without a code were sent',
  'CReq, CRes and RRes',
  'the signals and rules of a risk policy: safekey explain has them, for staff',
] as const

function purged({ authentication, challenge, events, sent }: EvidenceRows, { retentionDays }: Made): readonly string[] {
  const wasChallenged = ['C', 'D'].includes(String(authentication.ares.transStatus))
  const isFrictionless = authentication.decision === 'frictionless'
  const messages = sent.filter(({ kind }) => kind !== 'rreq' && kind !== 'erro')
  return [
    ...(authentication.lastFour === null ? ['the card: the issuer removed it, or the number was unknown'] : []),
    ...(wasChallenged && !challenge
      ? ['the challenge with its methods, proofs, messages and results: the issuer removed its card or cardholder']
      : []),
    ...(isFrictionless ? ['the rule: it is not recorded for a payment that passed without a challenge'] : []),
    ...(!isFrictionless && events.length === 0
      ? [`the events of the payment, with the rule and the methods offered: kept for ${retentionDays} days`]
      : []),
    ...(messages.length > 0 ? ['texts of messages: erased when handed over, given up or expired'] : []),
  ]
}

/** The masked contact to which the codes of a channel went. */
function destinationOf(channel: EvidenceRows['sent'][number]['kind'], proofs: EvidenceRows['proofs']) {
  const method: MethodId = channel === 'sms' ? 'sms-code' : 'email-code'
  const by = (wanted: MethodId) => proofs.find(proof => proof.method === wanted)?.destination
  return by(method) ?? (channel === 'email' ? by('registration') : undefined) ?? null
}

type Times = Pick<
  EvidenceRows['sent'][number],
  'createdAt' | 'expiresAt' | 'handedOverAt' | 'deliveredAt' | 'failedAt' | 'tries'
>

function times({ createdAt, expiresAt, handedOverAt, deliveredAt, failedAt, tries }: Times) {
  return {
    queuedAt: time(createdAt),
    expiresAt: time(expiresAt),
    handedOverAt: time(handedOverAt),
    deliveredAt: time(deliveredAt),
    failedAt: time(failedAt),
    tries,
  }
}

function time(at: number): string
function time(at: number | null): string | null
function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

function parse(body: string | null): unknown {
  return body === null ? null : JSON.parse(body)
}
