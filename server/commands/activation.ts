import { makeActivationCodes } from '../account/activation-codes.ts'
import { auditOperator } from '../audit/audit.ts'

/**
 * Prints one line of JSON for each letter, to standard output for printing; unknown cardholders are listed on standard
 * error.
 */
export async function printActivationCodes(issuerRefs: readonly string[], all: boolean, by: string): Promise<number> {
  const { letters, unknown } = await makeActivationCodes(all ? undefined : issuerRefs, (tx, count) =>
    auditOperator(tx, { type: 'letters-made', by, letters: count }),
  )
  for (const letter of letters) console.log(JSON.stringify(letter))
  for (const ref of unknown) console.error(`${ref}: no such cardholder on the list`)
  return unknown.length > 0 ? 2 : 0
}
