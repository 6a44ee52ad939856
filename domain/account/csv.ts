/** Formats rows as CSV (RFC 4180). It begins with a byte order mark, without which Excel misreads Japanese. */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/**
 * A spreadsheet would evaluate a cell that begins like a formula; a quote before it keeps it text. Japanese
 * spreadsheets also accept full-width signs in formulas, and may skip blanks before them.
 */
function cell(value: string): string {
  const text = /^[\s\p{Cc}\p{Cf}]*[=+\-@]|^[\t\r\n]/u.test(value.normalize('NFKC')) ? `'${value}` : value
  return `"${text.replaceAll('"', '""')}"`
}
