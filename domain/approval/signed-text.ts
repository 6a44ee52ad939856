/**
 * The text whose SHA-256 is signed, so that the signature belongs to this payment alone (dynamic linking): JSON by RFC
 * 8785 (JCS). All values are strings, so sorting the members is all that it takes.
 */
export function signedText<Content>(content: { readonly [Name in keyof Content]: string | undefined }): string {
  const members = Object.entries(content).filter(([, value]) => value !== undefined)
  return JSON.stringify(Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1))))
}
