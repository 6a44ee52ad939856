/**
 * A public page as people need it: the framework's scripts, and the page's content a second time for them, are taken out.
 * Our own files below public/ stay, and so does what search engines read (docs/decisions/0010).
 */
export function withoutFrameworkScripts(html: string): string {
  return html
    .replace(/<script\b([^>]*)>[\s\S]*?<\/script>/g, (script, attributes: string) => (isOurs(attributes) ? script : ''))
    .replace(/<link\b[^>]*\sas="script"[^>]*>/g, '')
}

function isOurs(attributes: string): boolean {
  return /\stype="application\/ld\+json"/.test(attributes) || /\ssrc="\/(?!_next\/)[\w.-]+\.js"/.test(attributes)
}
