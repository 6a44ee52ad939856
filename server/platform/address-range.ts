import ipaddr from 'ipaddr.js'

/** Addresses of one network: those that share the first `bits` bits. */
export interface AddressRange {
  readonly base: ReturnType<typeof ipaddr.process>
  readonly bits: number
}

/** Reads `10.0.0.5`, `10.0.1.0/24` or the same of IPv6; undefined when it is something else. */
export function readAddressRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...more] = text.split('/')
  if (more.length > 0 || !isAddress(address) || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined
  const base = ipaddr.process(address)
  const all = base.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? all : Number(bits)
  return length <= all ? { base, bits: length } : undefined
}

/** Whether an address, as a socket tells it, lies in one of the ranges. */
export function isIn(ranges: readonly AddressRange[], address: string | undefined): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false
  const own = ipaddr.process(address)
  return ranges.some(({ base, bits }) => own.kind() === base.kind() && own.match(base, bits))
}

/**
 * The network that an address belongs to, which limits count: an IPv4 address is one, however it is written; of IPv6 it is the
 * /64, within which one household or one rented machine has every address there is. What is no address stays as it is.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const own = ipaddr.process(address)
  if (own.kind() === 'ipv4') return own.toString()
  const octets = own.toByteArray()
  return `${ipaddr.fromByteArray(octets.map((octet, index) => (index < 8 ? octet : 0))).toString()}/64`
}

/** In full: `10.1` and `0x0a000005` are addresses to some, and mistakes to most. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))
}
