import { database, type Queryable } from '#db/client.ts'
import { cardholderById, factsOf } from '#db/queries/accounts.ts'
import { validActivationCodes } from '#db/queries/registrations.ts'
import type { Fact, Facts } from '#domain/registration/facts.ts'
import { lookupHmacs } from '../codes/lookup-code.ts'
import { config } from '../platform/config.ts'
import { sameBytes } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { askService, type FactsChecked } from './facts-service.ts'

/** The kinds of facts that we hold of a cardholder: those of the issuer's list, and a letter that is still valid. */
export async function factsHeld(tx: Queryable, cardholderId: string, at: number): Promise<ReadonlySet<Fact>> {
  const held = new Set<Fact>(
    config().factsService ? ofService : (await factsOf(tx, cardholderId)).map(({ kind }) => kind),
  )
  if ((await validActivationCodes(tx, cardholderId, at)).length > 0) held.add('activation-code')
  return held
}

/** Compares two facts, with those that we hold or by the issuer's service. Activation codes are always ours. */
export async function checkFacts(cardholderId: string, facts: Facts, at: number): Promise<FactsChecked> {
  const service = config().factsService
  if (!service) return (await areRight(cardholderId, facts, at)) ? 'right' : 'wrong'
  const { first, dateOfBirth } = facts
  const isOurs = first.kind === 'activation-code' ? await isActivationCode(cardholderId, first.value, at) : true
  const account = first.kind === 'debit-account' ? { debitAccountLastFour: first.value } : {}
  const owner = await cardholderById(database(), cardholderId)
  const checked = await askService(service, { cardholderId: owner?.issuerRef ?? '', ...account, dateOfBirth })
  return checked === 'right' && !isOurs ? 'wrong' : checked
}

/** What the issuer's service is expected to know of every cardholder. */
const ofService: readonly Fact[] = ['debit-account', 'date-of-birth']

/** Compares two facts with those that we hold. Both are always compared, so that the time says nothing about either. */
async function areRight(cardholderId: string, { first, dateOfBirth }: Facts, at: number): Promise<boolean> {
  const isFirst =
    first.kind === 'activation-code'
      ? isActivationCode(cardholderId, first.value, at)
      : isFact(cardholderId, 'debit-account', first.value)
  const both = await Promise.all([isFirst, isFact(cardholderId, 'date-of-birth', dateOfBirth)])
  return both.every(right => right)
}

/** Whether a fact is the one that the issuer knows. The HMAC includes the cardholder. */
export async function isFact(
  cardholderId: string,
  kind: Exclude<Fact, 'activation-code'>,
  value: string,
): Promise<boolean> {
  const held = (await factsOf(database(), cardholderId)).find(fact => fact.kind === kind)
  const own = held && (await keys().macUnder('proof-fact', held.keyId, `${cardholderId}\0${kind}\0${value}`))
  return held !== undefined && own !== undefined && sameBytes(own, held.hmac)
}

async function isActivationCode(cardholderId: string, code: string, at: number): Promise<boolean> {
  const own = await validActivationCodes(database(), cardholderId, at)
  const typed = await lookupHmacs('activation', code)
  return own.some(hmac => typed.some(other => sameBytes(other, hmac)))
}
