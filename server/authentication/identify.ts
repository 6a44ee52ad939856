import { type CardFound, findCard } from '#db/queries/cards.ts'
import { policy } from '#domain/challenge/policy.ts'
import { type Screens, screensOf } from '#domain/emv/app-screens.ts'
import { isObject } from '#domain/emv/check.ts'
import { sendsSms } from '../messaging/sends-sms.ts'
import type { AppSigning } from '../platform/app-signing.ts'
import { config } from '../platform/config.ts'
import { keys } from '../platform/keys.ts'
import { draftEvent, type History, historyAskedBy, historyOf } from '../risk/history/authentication.ts'
import type { Request } from './request.ts'

/** A request with what is known of its card and device. */
export interface Identified {
  readonly request: Request
  /** With the cardholder's contacts, and the browser that the 3DS Method saw. */
  readonly card: CardFound | undefined
  /** What is remembered of the card, merchant, network and device. Undefined without `risk` in the issuer's file. */
  readonly history: History | undefined
  /** Only in the app channel. */
  readonly device: AppDevice | undefined
  /** When the request arrived. */
  readonly at: number
}

interface AppDevice {
  /** Undefined if apps of this directory server are not supported. */
  readonly signing: AppSigning | undefined
  /** The ACS's screens that the device can show. */
  readonly screens: Screens
}

/** Looks up card, browser and history in one query. */
export async function identify(request: Request, at: number): Promise<Identified> {
  const { text, version, ids } = request
  const [hmac, earlierHmac = hmac] = await keys().macs('card-lookup', text('acctNumber') ?? '')
  if (!hmac || !earlierHmac) throw new Error('no key for card-lookup')
  const draft = await draftEvent(request, at)
  const found = await findCard({
    hmac: hmac.hmac,
    earlierHmac: earlierHmac.hmac,
    sms: sendsSms(),
    now: at,
    // 2.3.1 may refer to the 3DS Method of an earlier purchase in the same visit.
    method: (version === '2.3.1' && text('threeDSMethodId')) || ids.threeDSServerTransID,
    seenAfter: at - policy.methodResultValidFor,
    knownAfter: at - policy.deviceKnownFor,
    history: draft && historyAskedBy(draft),
  })
  const history = draft && historyOf(draft, found)
  return { request, card: found.card, history, device: appDevice(request), at }
}

function appDevice({ message, version, directoryServer, text }: Request): AppDevice | undefined {
  if (text('deviceChannel') !== '01') return undefined
  const { deviceRenderOptions } = message
  return {
    signing: config().appSigning.get(directoryServer.id),
    screens: isObject(deviceRenderOptions) ? screensOf(deviceRenderOptions, version) : {},
  }
}
