import type { DeviceKey } from '#domain/account/approval-device.ts'

/** The signature of an approval and the key that it verifies under, kept to prove what was approved. Base64url. */
export type Evidence =
  | {
      readonly kind: 'webauthn'
      readonly credentialId: string
      /** The COSE key of the passkey. */
      readonly publicKey: string
      readonly clientDataJSON: string
      readonly authenticatorData: string
      readonly signature: string
    }
  | { readonly kind: 'jws'; readonly publicKey: DeviceKey; readonly jws: string }
