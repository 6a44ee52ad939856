import { crockfordCode } from '#domain/code/crockford-code.ts'
import { crockfordCharacters, type LookupPurpose } from '#domain/code/policy.ts'
import { randomOctets } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

// Codes that identify their own row: in letters, for pairing devices, in notices. They are stored as keyed hashes, so
// that a copy of the database alone does not let an attacker guess codes: they have fewer bits than a link.

export interface LookupCode {
  readonly code: string
  readonly hmac: Buffer
  readonly keyId: number
}

export async function drawLookupCode(purpose: LookupPurpose): Promise<LookupCode> {
  const code = draw()
  return { code, ...(await keys().mac('code', inputOf(purpose, code))) }
}

/** The code's hmacs under every key still held, to look for in a query. */
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
