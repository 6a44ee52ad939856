import { type MessageVersion, versions, within } from '#domain/emv/version.ts'
import { keepsTrustList } from '../challenge/trust.ts'
import type { DirectoryServer, Issuer, Range } from '../platform/issuer.ts'

/** What we support in one version, as a directory server publishes it from 2.3.1 on (table A.6). */
interface ProtocolVersion {
  readonly version: MessageVersion
  readonly acsInfoInd: readonly string[]
  readonly threeDSMethodURL: string
}

/**
 * A card range as a directory server publishes it to 3DS Servers (PRes; Card Range Data): the elements of 2.1.0 and
 * 2.2.0, and those of 2.3.1. The two messages never pass us; what we support reaches them by this text alone.
 */
interface CardRange {
  readonly startRange: string
  readonly endRange: string
  /** A: the range is new to the directory server. */
  readonly actionInd: 'A'
  readonly acsStartProtocolVersion: string
  readonly acsEndProtocolVersion: string
  readonly threeDSMethodURL: string
  readonly acsInfoInd: readonly string[]
  readonly acsProtocolVersions: readonly ProtocolVersion[]
}

/** What the operator of a directory server has to know about us. */
export interface Registration {
  readonly directoryServer: string
  readonly rid?: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
  readonly cardRangeData: readonly CardRange[]
}

/**
 * The ranges of one directory server, with the features that its 3DS Servers may expect there. `passkeys`: whether
 * cardholders of this deployment have passkeys.
 */
export function registrationAt(
  server: DirectoryServer,
  issuer: Issuer,
  publicOrigin: string,
  passkeys: boolean,
): Registration {
  const threeDSMethodURL = `${publicOrigin}/acs/method`
  const ranges = issuer.ranges.filter(({ id }) => server.ranges.includes(id))
  const digits = (number: bigint, length: number) => number.toString().padStart(length, '0')
  return {
    directoryServer: server.id,
    ...(server.rid && { rid: server.rid }),
    acsReferenceNumber: server.acsReferenceNumber,
    ...(server.acsOperatorID && { acsOperatorID: server.acsOperatorID }),
    cardRangeData: ranges.map(range => ({
      startRange: digits(range.from, range.length),
      endRange: digits(range.to, range.length),
      actionInd: 'A',
      acsStartProtocolVersion: versions[0],
      acsEndProtocolVersion: versions[versions.length - 1] ?? versions[0],
      threeDSMethodURL,
      acsInfoInd: acsInfoInd(range, issuer, '2.2.0', passkeys),
      acsProtocolVersions: versions.map(version => ({
        version,
        acsInfoInd: acsInfoInd(range, issuer, version, passkeys),
        threeDSMethodURL,
      })),
    })),
  }
}

/**
 * 01 authentication, 02 attempts; from 2.2.0 on 03 decoupled authentication, 04 list of trusted merchants; from 2.3.1 on
 * 06 WebAuthn, 07 secure payment confirmation.
 */
function acsInfoInd({ attempts, spc }: Range, issuer: Issuer, version: MessageVersion, passkeys: boolean): string[] {
  const from220 = within(version, '2.2.0')
  const from231 = within(version, '2.3.1')
  const also = {
    '02': attempts,
    '03': from220 && issuer.decoupled !== 'never',
    '04': from220 && keepsTrustList(issuer),
    '06': from231 && passkeys,
    '07': from231 && passkeys && spc !== undefined,
  }
  return ['01', ...Object.entries(also).flatMap(([ind, offered]) => (offered ? [ind] : []))]
}
