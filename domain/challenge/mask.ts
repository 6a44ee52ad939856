/**
 * An e-mail address so that its owner knows it and nobody else does: first letter and the domain's ending,
 * `h•••@•••.jp`.
 */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  const ending = address.slice(address.lastIndexOf('.'))
  return `${[...address][0] ?? ''}•••@•••${ending.length > at ? ending : ''}`
}

/** A telephone number by its last two digits, `•••••••78`. */
export function maskPhone(number: string): string {
  return `•••••••${number.replace(/\D/g, '').slice(-2)}`
}
