import type { CodeState, EarlierCode, StoredCode } from '#domain/code/one-time-code.ts'

// Converts a one-time code to and from the columns of tables that store one.

interface StoredColumns {
  readonly codeHmac: Buffer | null
  readonly codeKeyId: number | null
  readonly earlierCodes: readonly EarlierCode[]
}

/** Undefined if no code is pending. */
export function toStoredCode({ codeHmac, codeKeyId, earlierCodes }: StoredColumns): StoredCode | undefined {
  if (codeHmac === null || codeKeyId === null) return undefined
  return { hmac: codeHmac, keyId: codeKeyId, earlier: earlierCodes }
}

export function fromStoredCode({ hmac, keyId, earlier }: StoredCode) {
  return { codeHmac: Buffer.from(hmac), codeKeyId: keyId, earlierCodes: earlier }
}

interface StateColumns {
  readonly attempts: number
  readonly sends: number
  readonly lastSentAt: number
  readonly codeExpiresAt: number
}

export function toCodeState({ attempts, sends, lastSentAt, codeExpiresAt }: StateColumns): CodeState {
  return { attempts, sends, sentAt: lastSentAt, expiresAt: codeExpiresAt }
}

export function fromCodeState({ attempts, sends, sentAt, expiresAt }: CodeState): StateColumns {
  return { attempts, sends, lastSentAt: sentAt, codeExpiresAt: expiresAt }
}
