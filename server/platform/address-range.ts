import ipaddr from 'ipaddr.js'

/** The addresses of a network: those with the same first `bits` bits. */
export interface AddressRange {
  readonly base: ReturnType<typeof ipaddr.process>
  readonly bits: number
}

/** Parses `10.0.0.5`, `10.0.1.0/24` or the same for IPv6; undefined if it is anything else. */
export function readAddressRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...more] = text.split('/')
  if (more.length > 0 || !isAddress(address) || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined
  const base = ipaddr.process(address)
  const all = base.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? all : Number(bits)
  return length <= all ? { base, bits: length } : undefined
}

/** Whether an address, as a socket reports it, is in one of the ranges. */
export function isIn(ranges: readonly AddressRange[], address: string | undefined): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false
  const own = ipaddr.process(address)
  return ranges.some(({ base, bits }) => own.kind() === base.kind() && own.match(base, bits))
}

/**
 * The network by which rate limits count an address. For IPv4 it is the address itself, in normal form; for IPv6 the
 * /64, within which one household or one rented machine has all addresses. Text that is not an address is returned
 * unchanged.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const own = ipaddr.process(address)
  if (own.kind() === 'ipv4') return own.toString()
  const octets = own.toByteArray()
  return `${ipaddr.fromByteArray(octets.map((octet, index) => (index < 8 ? octet : 0))).toString()}/64`
}

/** Requires the full form: some programs read `10.1` and `0x0a000005` as addresses, but mostly they are mistakes. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))
}
