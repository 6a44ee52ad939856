import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { lastFourOf, lockStanding } from '#db/queries/cards.ts'
import { type ChallengeRow, lockChallenge, readWindow } from '#db/queries/challenges.ts'
import { toStoredCode } from '#db/queries/code-columns.ts'
import { changesSince, countChangeAttempt, openChanges, toChange } from '#db/queries/contact-changes.ts'
import { updateProof } from '#db/queries/proofs.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { readCode } from '#domain/code/read-code.ts'
import { normaliseEmail } from '#domain/contact/address.ts'
import { type ContactKind, isPending } from '#domain/contact/change.ts'
import { readMobile } from '#domain/contact/phone.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { RegistrationAnswer, RegistrationNotice } from '#domain/registration/answer.ts'
import { type Facts, readFacts, type TypedFacts } from '#domain/registration/facts.ts'
import type { RegistrationStep } from '#domain/registration/step.ts'
import { invalidity } from '#domain/risk/card-standing.ts'
import { applyChangeEvent, changeCode, startChange } from '../account/apply-change.ts'
import { tellIssuer } from '../account/lock-down.ts'
import { audit } from '../audit/audit.ts'
import { codeRecipientsOf, refusal } from '../challenge/code-recipients.ts'
import { isBeyondProvisional } from '../challenge/provisional.ts'
import { type Answer, apply, chooseIn, reportIfEnded, type Submitted, toSubmitted } from '../challenge/submit.ts'
import { isWindowKey } from '../challenge/view.ts'
import { compareCode } from '../codes/one-time-code.ts'
import { orSmsLimited } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { checkFacts } from './check-facts.ts'
import { type CountedTry, countTry, factsEntry, giveBack } from './facts-limits.ts'
import type { FactsChecked } from './facts-service.ts'
import { encryptDraft, type Underway, underwayIn } from './underway.ts'

// Use cases for the steps by which a cardholder without a contact registers one in the window. Each answers the page of
// one step; a form of another step (an earlier page, a second window) changes nothing, and the window shows its step.

type Owner = NonNullable<Awaited<ReturnType<typeof lockCardholder>>>

interface Taking extends Underway {
  readonly tx: Queryable
  readonly row: ChallengeRow
  readonly owner: Owner
  readonly at: number
}

/** Undefined: nothing is to be said. */
type Taken = RegistrationAnswer | undefined

/** Proves two facts. The try is counted in a transaction of its own, before anything is compared. */
export async function proveFacts(windowKey: string, typed: TypedFacts): Promise<Answer> {
  const read = readFacts(typed)
  if (read.kind !== 'facts') return takeStep(windowKey, 'facts', async () => read.kind)
  let tried: (CountedTry & Pick<ChallengeRow, 'id' | 'acsTransID' | 'cardId'>) | undefined
  const begun = await takeStep(windowKey, 'facts', async ({ tx, row, owner, at }) => {
    const counted = await countTry(tx, owner.id, row, at)
    tried = counted && { ...counted, id: row.id, acsTransID: row.acsTransID, cardId: row.cardId }
    return counted ? undefined : 'facts-spent'
  })
  if (!tried) return begun
  const checked = await check(tried, read.facts)
  return takeStep(windowKey, 'facts', async ({ tx, row, owner, at }) => {
    if (checked === 'unavailable') return 'facts-unavailable'
    if (checked === 'right') {
      const facts = [read.facts.first.kind, 'date-of-birth'] as const
      await updateProof(tx, row.id, 'registration', { facts, factsProvedAt: at })
      return 'facts-right'
    }
    return (await factsEntry(tx, owner.id, row, at)).kind === 'permitted' ? 'facts-wrong' : 'facts-spent'
  })
}

/** Compares a counted try, gives it back unless it was wrong, and records it, whatever becomes of its window. */
async function check(
  tried: CountedTry & Pick<ChallengeRow, 'id' | 'acsTransID' | 'cardId'>,
  facts: Facts,
): Promise<FactsChecked> {
  const { cardholderId, acsTransID, cardId, id } = tried
  const outcome = await checkFacts(cardholderId, facts, now())
  await transaction(async tx => {
    await audit(tx, { type: 'facts-checked', outcome, cardId, ref: id })
    if (outcome !== 'wrong') await giveBack(tx, tried, outcome === 'right' ? 'wrong' : 'try')
  })
  log.info('registration.facts-checked', { cardholderId, acsTransID, outcome })
  return outcome
}

/** Sends a code to the new contact. It replaces one that was typed before and has not been confirmed. */
export async function giveContact(windowKey: string, kind: ContactKind, typed: string): Promise<Answer> {
  const window = await findWindow(windowKey)
  if (!window) return { kind: 'unknown' }
  const given = await orSmsLimited(tx =>
    takeStepIn(tx, window, 'contact', async ({ row, owner, at }) => {
      const draft = await encryptDraft(row.id, kind === 'email' ? typed.slice(0, longestDraft) : '')
      await updateProof(tx, row.id, 'registration', { draft })
      const read = readContact(kind, typed)
      if (read.kind !== 'contact') return read.kind
      const today = await changesSince(tx, owner.id, at - contactPolicy.day)
      if (today.length >= contactPolicy.changesPerDay) return 'contacts-limited'
      const scheduled = (await openChanges(tx, owner.id, kind)).some(
        change => change.state === 'confirmed' && isPending(toChange(change), at),
      )
      // A number that already waits for its day stays: only the account replaces it.
      if (scheduled) return 'mobile-scheduled'
      const change = { cardholderId: owner.id, kind, value: read.value, language: owner.language, challengeId: row.id }
      const destination = await startChange(tx, change, at)
      await updateProof(tx, row.id, 'registration', { destination })
      return 'contact-code-sent'
    }),
  )
  if (given && 'kind' in given) return takeStep(windowKey, 'contact', async () => 'contact-sms-limited')
  return reportIfEnded(given)
}

const longestDraft = 300

type ReadContact =
  | { readonly kind: 'contact'; readonly value: string }
  | { readonly kind: Extract<RegistrationNotice, `email-${string}` | `mobile-${string}`> }

function readContact(kind: ContactKind, typed: string): ReadContact {
  if (kind === 'email') {
    const value = normaliseEmail(typed)
    if (value) return { kind: 'contact', value }
    return { kind: typed.trim() === '' ? 'email-missing' : 'email-malformed' }
  }
  const read = readMobile(typed, config().issuer.smsCountries)
  return read.kind === 'mobile' ? { kind: 'contact', value: read.number } : read
}

/** Enters the code of the new contact. That of an e-mail address authenticates the purchase. */
export function confirmContact(windowKey: string, typed: string): Promise<Answer> {
  return takeStep(windowKey, 'code', async taking => {
    const { tx, change, owner, at } = taking
    const read = readCode(typed)
    if (read.kind !== 'code') return read.kind
    const row = change && (await countChangeAttempt(tx, change.id, codePolicy['contact-change'].attempts))
    if (!row) return 'attempts-spent'
    const compared = await compareCode(changeCode(row.id), toStoredCode(row), read.code)
    const { answer } = await applyChangeEvent(tx, row, { kind: 'code-entered', compared }, at, owner.language)
    log.info('registration.code-compared', { cardholderId: owner.id, kind: row.kind, outcome: answer })
    switch (answer) {
      case 'confirmed':
        await record(taking, row.kind, row.masked)
        return row.kind === 'email' ? 'registered' : 'mobile-registered'
      case 'code-wrong':
      case 'code-earlier':
      case 'code-expired':
      case 'attempts-spent':
        return answer
      default:
        return 'contact-again'
    }
  })
}

async function record({ tx, row, owner, proof, at }: Taking, contact: ContactKind, masked: string): Promise<void> {
  const facts = [...(proof.facts ?? [])]
  await audit(tx, { type: 'contact-registered', contact, facts, cardId: row.cardId, ref: row.id })
  const values = { cardholder: owner.issuerRef, contact: masked, lastFour: await lastFourOf(tx, row.cardId) }
  await tellIssuer(tx, 'issuer-contact-registered', values, at)
}

export async function resendToContact(windowKey: string): Promise<Answer> {
  const window = await findWindow(windowKey)
  if (!window) return { kind: 'unknown' }
  const sent = await orSmsLimited(tx =>
    takeStepIn(tx, window, 'code', async ({ change, owner, at }) => {
      if (!change) return undefined
      const { answer } = await applyChangeEvent(tx, change, { kind: 'resend' }, at, owner.language)
      if (answer === 'sent') return 'code-resent'
      return answer === 'resend-too-soon' || answer === 'resends-spent' ? answer : 'contact-again'
    }),
  )
  if (sent && 'kind' in sent) return takeStep(windowKey, 'code', async () => 'resends-spent')
  return reportIfEnded(sent)
}

/** Returns to the contact, which was typed wrong or is another person's. Its code is no longer valid. */
export function giveAnotherContact(windowKey: string): Promise<Answer> {
  return takeStep(windowKey, 'code', async ({ tx, change, at }) => {
    if (change) await applyChangeEvent(tx, change, { kind: 'cancel' }, at)
    return 'contact-again'
  })
}

async function takeStep(
  windowKey: string,
  step: RegistrationStep,
  take: (taking: Taking) => Promise<Taken>,
): Promise<Answer> {
  const window = await findWindow(windowKey)
  if (!window) return { kind: 'unknown' }
  return reportIfEnded(await transaction(tx => takeStepIn(tx, window, step, take)))
}

interface FoundWindow {
  readonly windowKey: string
  readonly cardholderId: string
}

async function findWindow(windowKey: string): Promise<FoundWindow | undefined> {
  const found = isWindowKey(windowKey) ? await readWindow(windowKey) : undefined
  return found && { windowKey, cardholderId: found.cardholderId }
}

/**
 * Takes a step of a registration while its challenge is locked. As everywhere, the cardholder's row is locked first, so
 * that a report and a registration never wait for each other.
 */
async function takeStepIn(
  tx: Queryable,
  { windowKey, cardholderId }: FoundWindow,
  step: RegistrationStep,
  take: (taking: Taking) => Promise<Taken>,
): Promise<Submitted | undefined> {
  const owner = await lockCardholder(tx, cardholderId)
  const row = owner && (await lockChallenge(tx, { windowKey }))
  if (!row) return undefined
  const at = now()
  const isOver = row.deadlineAt !== null && at >= row.deadlineAt
  const underway = await underwayIn(tx, row.id, at)
  if (isOver || row.state !== 'asking' || !row.selected.includes('registration') || !underway)
    return toSubmitted(row, await apply(tx, row, { kind: 'tick' }, at))
  const standing = await lockStanding(tx, row.cardId)
  const { recipients } = await codeRecipientsOf(tx, row, at)
  const barred = invalidity(standing, at) ?? refusal(recipients)
  if (barred) return toSubmitted(row, await apply(tx, row, { kind: 'barred', by: barred }, at))
  // A contact has become effective since, in another window or by the issuer's list: it gets a code as any contact does.
  if (recipients.kind === 'to') return chooseIn(tx, { windowKey }, 'code')
  // The issuer has switched registration off, or lowered the amount.
  if (isBeyondProvisional({ messageCategory: row.messageCategory, ...row.purchase }))
    return toSubmitted(row, await apply(tx, row, { kind: 'barred', by: 'no-contact' }, at))
  if (underway.step !== step) return toSubmitted(row, await apply(tx, row, { kind: 'tick' }, at))
  const answer = await take({ ...underway, tx, row, owner, at })
  if (!answer) return toSubmitted(row, await apply(tx, row, { kind: 'tick' }, at))
  const event = { kind: 'registering', answer } as const
  return toSubmitted(row, await apply(tx, row, { kind: 'answered', method: 'registration', event }, at))
}
