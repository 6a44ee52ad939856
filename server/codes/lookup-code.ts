import { crockfordCode } from '#domain/code/crockford-code.ts'
import { crockfordCharacters, type LookupPurpose } from '#domain/code/policy.ts'
import { randomOctets } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

// Codes that find their own row: of letters, of devices that pair, of notices. What is stored is their keyed hash, so that a
// copy of the database alone is not enough to try codes: they have fewer bits than a link.

export interface LookupCode {
  readonly code: string
  readonly hmac: Buffer
  readonly keyId: number
}

export async function drawLookupCode(purpose: LookupPurpose): Promise<LookupCode> {
  const code = draw()
  return { code, ...(await keys().mac('code', inputOf(purpose, code))) }
}

/** Under every key still held: what a query looks for. */
export async function lookupHmacs(purpose: LookupPurpose, code: string): Promise<Buffer[]> {
  return (await keys().macs('code', inputOf(purpose, code))).map(({ hmac }) => hmac)
}

function draw(): string {
  while (true) {
    const code = crockfordCode([...randomOctets(crockfordCharacters)].map(octet => octet % 32))
    if (code !== undefined) return code
  }
}

function inputOf(purpose: LookupPurpose, code: string): string {
  return `${purpose}\0${code}`
}
