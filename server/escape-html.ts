/** Text as it may stand in HTML that is written by hand: messages, and pages that no framework renders. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
}
