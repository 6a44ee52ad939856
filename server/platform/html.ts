/** Markup that may stand in a page as it is: made by {@link html}, or by a caller who wrote every byte of it. */
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
 * HTML for pages and messages that React does not render. Every value is escaped, for text and for a quoted attribute, save
 * {@link Html}, which stays as it is. Lists are joined without separator; `false`, `null` and `undefined` leave nothing.
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
