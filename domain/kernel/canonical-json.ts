/** A string that needs no escaping. Nearly all are, and this test costs a third of JSON.stringify. */
const plain = /^[ !#-[\]-~]*$/

/**
 * JSON by RFC 8785 (JCS): the members of each object sorted by UTF-16 code units, nothing between the tokens. Two texts
 * with the same meaning have one canonical form. `undefined` members are left out, as JSON.stringify does. The strings
 * must be well-formed Unicode, the numbers finite.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string' && plain.test(value)) return `"${value}"`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = value as Readonly<Record<string, unknown>>
  // Built by hand: an object would put names that are integers first. A loop, for every AReq is written this way.
  let text = ''
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member !== undefined) text += `${text ? ',' : ''}${canonicalJson(name)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}
