import type { Compared, EarlierCode, StoredCode } from '#domain/code/one-time-code.ts'
import { type CodePurpose, codeDigits } from '#domain/code/policy.ts'
import { newCode, sameBytes } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

// The one place that draws codes and compares them. A code itself is in no column and no log: what is stored is its keyed hash,
// bound to a purpose and a subject, so that the same digits elsewhere have another hash. Codes that a newer one has replaced are
// recognised, so that the page can say which code to enter (docs/decisions/0023).

/** What a code is bound to. `subject` tells it from all other codes of its purpose, such as the id of its row. */
export interface CodeBinding {
  readonly purpose: CodePurpose
  readonly subject: string
}

export interface DrawnCode {
  /** For the message alone. */
  readonly code: string
  readonly stored: StoredCode
}

/** Draws a code of digits. `replaced`: what is stored of the code whose place it takes. */
export async function drawCode(binding: CodeBinding, replaced?: StoredCode): Promise<DrawnCode> {
  const code = newCode(codeDigits)
  const { keyId, hmac } = await keys().mac('code', inputOf(binding, code))
  return { code, stored: { hmac, keyId, earlier: replaced ? withReplaced(replaced) : [] } }
}

/** The codes that are earlier ones as soon as another takes the place of the newest. */
export function withReplaced({ hmac, keyId, earlier }: StoredCode): readonly EarlierCode[] {
  return [...earlier, { keyId, hmac: Buffer.from(hmac).toString('base64url') }]
}

/** Compares an entered code, in constant time, with the newest code and the earlier ones. Undefined: nothing is stored. */
export async function compareCode(
  binding: CodeBinding,
  stored: StoredCode | undefined,
  entered: string,
): Promise<Compared> {
  if (!stored) return { kind: 'other' }
  if (await isCode(stored.keyId, stored.hmac, inputOf(binding, entered))) return { kind: 'match' }
  return compareEarlier(binding, stored.earlier, entered)
}

/** The same with the earlier codes alone, where none is valid. */
export async function compareEarlier(
  binding: CodeBinding,
  codes: readonly EarlierCode[],
  entered: string,
): Promise<Exclude<Compared, { kind: 'match' }>> {
  const input = inputOf(binding, entered)
  for (const code of codes) {
    if (!(await isCode(code.keyId, Buffer.from(code.hmac, 'base64url'), input))) continue
    const earlier = codes.map(each => (each === code ? { ...each, entered: true as const } : each))
    return { kind: 'earlier', first: !code.entered, earlier }
  }
  return { kind: 'other' }
}

async function isCode(keyId: number, hmac: Uint8Array, input: string): Promise<boolean> {
  const expected = await keys().macUnder('code', keyId, input)
  return expected !== undefined && sameBytes(expected, hmac)
}

function inputOf({ purpose, subject }: CodeBinding, code: string): string {
  return `${purpose}\0${subject}\0${code}`
}
