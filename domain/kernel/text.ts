/** Whether text can be stored and shown: PostgreSQL cannot store U+0000, and a lone surrogate is half a character. */
export function isUnicodeText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
