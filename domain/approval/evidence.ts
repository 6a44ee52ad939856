import type { DeviceKey } from '#domain/account/approval-device.ts'
import type { SpcTransData } from '#domain/emv/spc.ts'

interface WebAuthnSignature {
  readonly credentialId: string
  /** The COSE key of the passkey. */
  readonly publicKey: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

/** The signature of an approval and the key that it verifies under, kept to prove what was approved. Base64url. */
export type Evidence =
  | (WebAuthnSignature & { readonly kind: 'webauthn' })
  /** Of a secure payment confirmation: what the browser was to show, and the origins that might ask it to. */
  | (WebAuthnSignature & {
      readonly kind: 'payment'
      readonly asked: SpcTransData
      readonly origins: readonly string[]
    })
  | { readonly kind: 'jws'; readonly publicKey: DeviceKey; readonly jws: string }
