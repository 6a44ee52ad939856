import { config } from '../platform/config.ts'

/** The relying party (WebAuthn Level 3): the host that browsers bind passkeys to. */
export function relyingParty() {
  const { publicOrigin, issuer } = config()
  return { rpID: new URL(publicOrigin).hostname, rpName: issuer.brand.service, origin: publicOrigin }
}
