/**
 * An e-mail address so that its owner alone recognises it: first letter and the domain's ending,
 * `h•••@•••.jp`.
 */
export function maskEmail(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const dot = domain.lastIndexOf('.')
  return `${[...address][0] ?? ''}•••@•••${dot < 0 ? '' : domain.slice(dot)}`
}

/** A telephone number by its last two digits, `•••••••78`. */
export function maskPhone(number: string): string {
  return `•••••••${number.replace(/\D/g, '').slice(-2)}`
}
