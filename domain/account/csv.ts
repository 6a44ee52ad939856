/** Rows as a table for table programs (RFC 4180). A mark of byte order, for Excel takes Japanese for something else without. */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/**
 * A cell that begins like a formula would be reckoned by the table program: a quote before it keeps it text. Japanese ones take
 * full-width signs for formulas as well, and may pass over blanks before them.
 */
function cell(value: string): string {
  const text = /^[\s\p{Cc}\p{Cf}]*[=+\-@]|^[\t\r\n]/u.test(value.normalize('NFKC')) ? `'${value}` : value
  return `"${text.replaceAll('"', '""')}"`
}
