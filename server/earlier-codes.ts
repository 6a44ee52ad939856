import type { EarlierCode } from '#domain/code/one-time-code.ts'
import { sameBytes } from './platform/crypto.ts'
import { keys } from './platform/keys.ts'

// Codes that a newer one has replaced are recognised, so that the cardholder hears which code to enter
// (docs/decisions/0023).

interface Drawn {
  readonly codeTag: Buffer | null
  readonly codeKeyId: number | null
  readonly earlierCodes: readonly EarlierCode[]
}

/** The codes that are earlier ones as soon as another is drawn. */
export function withReplaced({ codeTag, codeKeyId, earlierCodes }: Drawn): readonly EarlierCode[] {
  if (codeTag === null || codeKeyId === null) return earlierCodes
  return [...earlierCodes, { keyId: codeKeyId, hmac: codeTag.toString('base64url') }]
}

export interface Recognised {
  /** It costs no try; each earlier code does so once. */
  readonly free: boolean
  /** To write with what it led to. */
  readonly earlierCodes: readonly EarlierCode[]
}

/** The earlier code that was entered, if it is one. `input`: what its hash was made of. */
export async function recogniseEarlier(codes: readonly EarlierCode[], input: string): Promise<Recognised | undefined> {
  for (const code of codes) {
    const tag = await keys().macUnder('code', code.keyId, input)
    if (!tag || !sameBytes(tag, Buffer.from(code.hmac, 'base64url'))) continue
    const earlierCodes = codes.map(each => (each === code ? { ...each, entered: true as const } : each))
    return { free: !code.entered, earlierCodes }
  }
  return undefined
}
