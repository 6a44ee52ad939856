/** The protocol versions that we support, oldest first. EMV 3DS: Protocol and Core Functions Specification. */
export const versions = ['2.1.0', '2.2.0', '2.3.1'] as const

export type MessageVersion = (typeof versions)[number]

export const newestVersion: MessageVersion = '2.3.1'

export function isSupportedVersion(version: string): version is MessageVersion {
  return (versions as readonly string[]).includes(version)
}

/** Whether `version` is between `since` and `until`, both inclusive; either may be absent. */
export function within(version: MessageVersion, since?: MessageVersion, until?: MessageVersion): boolean {
  const at = versions.indexOf(version)
  return (!since || versions.indexOf(since) <= at) && (!until || at <= versions.indexOf(until))
}
