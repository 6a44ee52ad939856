import { type Queryable, transaction } from '#db/client.ts'
import { cardholdersToEnrol } from '#db/queries/accounts.ts'
import { endActivationCodes, insertActivationCode } from '#db/queries/enrolments.ts'
import { printCrockfordCode } from '#domain/code/crockford-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { drawLookupCode } from '../codes/lookup-code.ts'
import { now } from '../platform/clock.ts'
import { newId } from '../platform/crypto.ts'

/**
 * The content of a letter that the issuer prints for one cardholder. It has no card digits, because another person may
 * open the letter.
 */
export interface Letter {
  readonly cardholderId: string
  readonly activationCode: string
  readonly validUntil: string
}

/**
 * Makes an activation code for each cardholder named by the issuer's own id, or for every cardholder who is not
 * enrolled. It replaces the cardholder's earlier code. The database keeps only an HMAC, so a code can be printed once
 * only. `unknown` lists the ids that no cardholder has. `record` is called in the same transaction.
 */
export async function makeActivationCodes(
  issuerRefs: readonly string[] | undefined,
  record?: (tx: Queryable, letters: number) => Promise<void>,
): Promise<{ readonly letters: readonly Letter[]; readonly unknown: readonly string[] }> {
  return transaction(async tx => {
    const found = await cardholdersToEnrol(tx, issuerRefs && [...issuerRefs])
    const letters: Letter[] = []
    for (const { id, issuerRef } of found) letters.push(await makeCode(tx, id, issuerRef))
    await record?.(tx, letters.length)
    const known = new Set(found.map(({ issuerRef }) => issuerRef))
    return { letters, unknown: (issuerRefs ?? []).filter(ref => !known.has(ref)) }
  })
}

async function makeCode(tx: Queryable, cardholderId: string, issuerRef: string): Promise<Letter> {
  const at = now()
  const { code, hmac, keyId } = await drawLookupCode('activation')
  const expiresAt = at + codePolicy.activation.lifetime
  await endActivationCodes(tx, cardholderId, at)
  await insertActivationCode(tx, {
    id: newId(at),
    cardholderId,
    hmac,
    keyId,
    createdAt: at,
    expiresAt,
  })
  return {
    cardholderId: issuerRef,
    activationCode: printCrockfordCode(code),
    validUntil: new Date(expiresAt).toISOString(),
  }
}
