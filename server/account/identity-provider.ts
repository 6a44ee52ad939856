import { config } from '../platform/config.ts'

/** Whether the issuer's own identity provider signs people in, instead of letter, e-mail code and passkey. */
export function signsInWithProvider(): boolean {
  return config().issuer.identityProvider !== undefined
}
