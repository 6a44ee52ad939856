/**
 * Removes the framework's scripts from a page, with their preloads and the copy of the page's content that they read.
 * Public pages and the challenge window are sent like this (docs/decisions/0010 and 0031). Our own files below public/
 * stay, and so does the structured data for search engines.
 */
export function withoutFrameworkScripts(html: string): string {
  return html
    .replace(/<script\b([^>]*)>[\s\S]*?<\/script>/g, (script, attributes: string) => (isOurs(attributes) ? script : ''))
    .replace(/<link\b[^>]*\sas="script"[^>]*>/g, '')
}

function isOurs(attributes: string): boolean {
  return /\stype="application\/ld\+json"/.test(attributes) || /\ssrc="\/(?!_next\/)[\w.-]+\.js"/.test(attributes)
}
