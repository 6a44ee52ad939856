import { versions } from '#domain/emv/version.ts'
import { keepsTrustList } from '../challenge/trust.ts'
import type { DirectoryServer, Issuer } from '../platform/issuer.ts'

/** A card range as a directory server publishes it to 3DS Servers. EMV 3DS table A.8 (Card Range Data). */
interface CardRange {
  readonly startRange: string
  readonly endRange: string
  /** A: the range is new to the directory server. */
  readonly actionInd: 'A'
  readonly acsStartProtocolVersion: string
  readonly acsEndProtocolVersion: string
  readonly threeDSMethodURL: string
  readonly acsInfoInd: readonly string[]
}

/** What the operator of a directory server has to know about us. */
export interface Registration {
  readonly directoryServer: string
  readonly rid?: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
  readonly cardRangeData: readonly CardRange[]
}

/** The ranges of one directory server, with the features that its 3DS Servers may expect there. */
export function registrationAt(server: DirectoryServer, issuer: Issuer, publicOrigin: string): Registration {
  const ranges = issuer.ranges.filter(({ id }) => server.ranges.includes(id))
  const digits = (number: bigint, length: number) => number.toString().padStart(length, '0')
  return {
    directoryServer: server.id,
    ...(server.rid && { rid: server.rid }),
    acsReferenceNumber: server.acsReferenceNumber,
    ...(server.acsOperatorID && { acsOperatorID: server.acsOperatorID }),
    cardRangeData: ranges.map(({ from, to, length, attempts }) => ({
      startRange: digits(from, length),
      endRange: digits(to, length),
      actionInd: 'A',
      acsStartProtocolVersion: versions[0],
      acsEndProtocolVersion: versions[versions.length - 1] ?? versions[0],
      threeDSMethodURL: `${publicOrigin}/acs/method`,
      acsInfoInd: acsInfoInd(attempts, issuer),
    })),
  }
}

/** 01 authentication, 02 attempts, 03 decoupled authentication, 04 list of trusted merchants. */
function acsInfoInd(attempts: boolean, issuer: Issuer): string[] {
  const also = { '02': attempts, '03': issuer.decoupled !== 'never', '04': keepsTrustList(issuer) }
  return ['01', ...Object.entries(also).flatMap(([ind, offered]) => (offered ? [ind] : []))]
}
