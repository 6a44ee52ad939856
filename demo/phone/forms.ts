/** A form of a page, with the values that a browser would post. */
export interface Form {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}

/** The forms of a page, as a browser without scripts has them. */
export function formsIn(html: string): (Form & { readonly html: string })[] {
  return [...html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(([whole, attributes = '', inside = '']) => {
    const inputs = [...inside.matchAll(/<(?:input|button)([^>]*)>/g)]
      .map(([, given = '']) => [attribute(given, 'name'), attribute(given, 'value')] as const)
      .filter(([name]) => name !== '')
    return { action: attribute(attributes, 'action'), fields: Object.fromEntries(inputs), html: whole }
  })
}

function attribute(tag: string, name: string): string {
  const [, value = ''] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? []
  return value
    .replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, decimal) =>
      String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}
