import { config } from '../platform/config.ts'

/** The relying party (WebAuthn Level 3): the domain that browsers bind passkeys to, and the origin of our pages. */
export function relyingParty() {
  const { publicOrigin, passkeyDomain, issuer } = config()
  return { rpID: passkeyDomain, rpName: issuer.brand.service, origin: publicOrigin }
}
