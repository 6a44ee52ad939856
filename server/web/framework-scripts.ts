/**
 * A page without the framework's scripts, their preloads and the page's content a second time for them. Public pages and the
 * challenge window leave like this (docs/decisions/0010 and 0031). Our own files below public/ stay, and so does what search
 * engines read.
 */
export function withoutFrameworkScripts(html: string): string {
  return html
    .replace(/<script\b([^>]*)>[\s\S]*?<\/script>/g, (script, attributes: string) => (isOurs(attributes) ? script : ''))
    .replace(/<link\b[^>]*\sas="script"[^>]*>/g, '')
}

function isOurs(attributes: string): boolean {
  return /\stype="application\/ld\+json"/.test(attributes) || /\ssrc="\/(?!_next\/)[\w.-]+\.js"/.test(attributes)
}
