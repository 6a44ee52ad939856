import type { Compared, EarlierCode, StoredCode } from '#domain/code/one-time-code.ts'
import { type CodePurpose, codeDigits } from '#domain/code/policy.ts'
import { newCode, sameBytes } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

// The only place that draws and compares codes. A code itself is in no column and no log: its keyed hash is stored,
// bound to a purpose and a subject, so that the same digits elsewhere have another hash. Codes that a newer one has
// replaced are recognised, so that the page can say which code to enter (docs/decisions/0023).

/**
 * What a code is bound to. `subject` distinguishes it from all other codes of its purpose, such as the id of its row.
 */
export interface CodeBinding {
  readonly purpose: CodePurpose
  readonly subject: string
}

export interface DrawnCode {
  /** Only for the message. */
  readonly code: string
  readonly stored: StoredCode
}

/** Draws a code of digits. `replaced`: what is stored of the code that it replaces. */
export async function drawCode(binding: CodeBinding, replaced?: StoredCode): Promise<DrawnCode> {
  const code = newCode(codeDigits)
  const { keyId, hmac } = await keys().mac('code', inputOf(binding, code))
  return { code, stored: { hmac, keyId, earlier: replaced ? withReplaced(replaced) : [] } }
}

/** The earlier codes once the newest code has been replaced. */
export function withReplaced({ hmac, keyId, earlier }: StoredCode): readonly EarlierCode[] {
  return [...earlier, { keyId, hmac: Buffer.from(hmac).toString('base64url') }]
}

/**
 * Compares an entered code, in constant time, with the newest code and the earlier ones. `stored` is undefined if there
 * is no code.
 */
export async function compareCode(
  binding: CodeBinding,
  stored: StoredCode | undefined,
  entered: string,
): Promise<Compared> {
  if (!stored) return { kind: 'other' }
  if (await isCode(stored.keyId, stored.hmac, inputOf(binding, entered))) return { kind: 'match' }
  return compareEarlier(binding, stored.earlier, entered)
}

/** Compares with the earlier codes only, when no code is valid. */
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
