/**
 * Masks an e-mail address so that only its owner recognises it: first letter and the ending of the domain,
 * `h•••@•••.jp`.
 */
export function maskEmail(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const dot = domain.lastIndexOf('.')
  return `${[...address][0] ?? ''}•••@•••${dot < 0 ? '' : domain.slice(dot)}`
}

/**
 * Masks an e-mail address for its signed-in owner, who has several and must see which one it is: `h•••@example.jp`.
 * Everywhere else `maskEmail` is used.
 */
export function maskEmailForOwner(address: string): string {
  return `${[...address][0] ?? ''}•••@${address.slice(address.lastIndexOf('@') + 1)}`
}

/** Masks a telephone number except for its last two digits, `•••••••78`. */
export function maskPhone(number: string): string {
  return `•••••••${number.replace(/\D/g, '').slice(-2)}`
}
