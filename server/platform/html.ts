/** Markup that needs no escaping: made by {@link html}, or written in full by the caller. */
export class Html {
  readonly #markup: string
  constructor(markup: string) {
    this.#markup = markup
  }
  toString(): string {
    return this.#markup
  }
}

type Part = Html | string | number | false | null | undefined | readonly Part[]

/**
 * HTML for pages and messages that React does not render. Every value is escaped, for text and for a quoted attribute,
 * except {@link Html}. Lists are joined without a separator; `false`, `null` and `undefined` become empty.
 *
 *     html`<p title="${title}">${lines.map(line => html`${line}<br>`)}</p>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((markup, string, index) => markup + render(parts[index - 1]) + string))
}

function render(part: Part): string {
  if (part instanceof Html) return part.toString()
  if (Array.isArray(part)) return part.map(render).join('')
  return part === null || part === undefined || part === false ? '' : escapeText(String(part))
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
