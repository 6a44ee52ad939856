import type { insertAppChannel } from '#db/queries/app-channels.ts'
import type { Rendering } from '#domain/emv/app-screens.ts'
import { isObject } from '#domain/emv/check.ts'
import type { Request } from '../../authentication/request.ts'
import type { AppSigning } from '../../platform/app-signing.ts'
import { config } from '../../platform/config.ts'
import { keys } from '../../platform/keys.ts'
import { agree } from './key-agreement.ts'
import { signContent } from './signed-content.ts'

/** A challenge that an app is about to open. */
export interface AppChallenge {
  /** For the ARes. */
  readonly methodId: {
    readonly acsSignedContent: string
    readonly acsRenderingType: Rendering
    readonly sdkTransID: string
  }
  /** To be saved. */
  readonly row: Parameters<typeof insertAppChannel>[1]
}

/**
 * Agrees on a key with the SDK and signs what the SDK has to know. `bad-key`: the SDK's key is not a point on the
 * curve.
 */
export async function appChallenge(
  { id, ids, message }: Pick<Request, 'id' | 'ids' | 'message'>,
  signing: AppSigning | undefined,
  rendering: Rendering | undefined,
): Promise<AppChallenge | 'bad-key'> {
  // The decision to challenge has checked both.
  if (!signing || !rendering) throw new Error('an app challenge that cannot be shown')
  const { sdkEphemPubKey, sdkReferenceNumber, sdkTransID } = message
  const agreement = await agree(isObject(sdkEphemPubKey) ? sdkEphemPubKey : {}, String(sdkReferenceNumber))
  if (!agreement) return 'bad-key'
  const { acsTransID } = ids
  return {
    methodId: {
      acsSignedContent: await signContent(challengeURL(), agreement, signing),
      acsRenderingType: rendering,
      sdkTransID: String(sdkTransID),
    },
    row: {
      challengeId: id,
      sdkTransID: String(sdkTransID),
      secret: await keys().encrypt('app-channel', agreement.secret.toString('base64'), acsTransID),
      rendering,
    },
  }
}

/** The address for CReqs, from browsers and from apps. */
export function challengeURL(): string {
  return `${config().publicOrigin}/acs/challenge`
}
