import { canonicalJson } from '#domain/kernel/canonical-json.ts'

/** What a device signs about a payment: its content as JSON by RFC 8785 (JCS). Members without a value are left out. */
export function signedText<Content>(content: { readonly [Name in keyof Content]: string | undefined }): string {
  return canonicalJson(content)
}
