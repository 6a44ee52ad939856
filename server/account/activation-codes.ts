import { type Queryable, transaction } from '#db/client.ts'
import { cardholdersToEnrol } from '#db/queries/accounts.ts'
import { endActivationCodes, insertActivationCode } from '#db/queries/enrolments.ts'
import { activationCode, printActivationCode } from '#domain/account/activation-code.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { now } from '../platform/clock.ts'
import { newId, randomOctets } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

/** What the issuer prints in a letter to one cardholder. No card digits: the letter may be opened by another. */
export interface Letter {
  readonly cardholderId: string
  readonly activationCode: string
  readonly validUntil: string
}

/**
 * Makes a code for each cardholder named by the issuer's id, or for all who are not enrolled; an earlier code of theirs is good
 * no longer. Kept is a tag: a code is printed once. Answers who was not found, too. `record` is called in the same transaction.
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
  const code = drawCode()
  const expiresAt = new Date(at + accountPolicy.activation.lifetime)
  await endActivationCodes(tx, cardholderId, new Date(at))
  await insertActivationCode(tx, {
    id: newId(),
    cardholderId,
    ...(await keys().mac('code', activationInput(code))),
    createdAt: new Date(at),
    expiresAt,
  })
  return {
    cardholderId: issuerRef,
    activationCode: printActivationCode(code),
    validUntil: expiresAt.toISOString(),
  }
}

/** What is tagged of a code; whoever has the database alone cannot try codes. */
export function activationInput(code: string): string {
  return `activation\0${code}`
}

/** A code of this form; pairing a device begins with one, too. */
export function drawCode(): string {
  while (true) {
    const code = activationCode([...randomOctets(accountPolicy.activation.characters)].map(octet => octet % 32))
    if (code !== undefined) return code
  }
}
