import { readFileSync } from 'node:fs'

const link = /<link\b[^>]*\shref="\/_next\/(static\/[\w./-]+\.css)"[^>]*>/g

/**
 * Replaces the links to the build's style sheets by their content, with this nonce. A window then does not depend on a
 * file of its own build, which a process of another build does not have (docs/decisions/0053). `read`: the text of a
 * file of the build, by its path below `.next/`.
 */
export function withInlineStyles(html: string, nonce: string, read: (path: string) => string = readOnce): string {
  return html.replace(link, (tag, path: string) =>
    /\srel="stylesheet"/.test(tag) ? `<style nonce="${nonce}">${read(path)}</style>` : '',
  )
}

const texts = new Map<string, string>()

/** The build does not change while a process runs. */
function readOnce(path: string): string {
  const known = texts.get(path)
  if (known !== undefined) return known
  const text = readFileSync(`.next/${path}`, 'utf8')
  texts.set(path, text)
  return text
}
