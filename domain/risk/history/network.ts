import ipaddr from 'ipaddr.js'

/** The network of an address, in hexadecimal: IPv4 /24, IPv6 /48. Undefined if it is not an address. */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined || !ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.process(address)
  const bytes = parsed.toByteArray().slice(0, parsed.kind() === 'ipv4' ? 3 : 6)
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join('')
}
