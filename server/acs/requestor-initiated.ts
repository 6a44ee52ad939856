import { wasProven } from '#db/queries/authentications.ts'
import { isObject } from '#domain/emv/check.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { RequestorInitiated } from '#domain/risk/requestor-initiated.ts'
import type { DirectoryServer } from '../platform/issuer.ts'
import { keepsTrustList } from './trust.ts'

/** What an AReq of the channel 03 asks for, and whether an earlier challenge that it names stands behind it. */
export async function requestorInitiated(
  { message, directoryServer }: { readonly message: JsonObject; readonly directoryServer: DirectoryServer },
  cardId: string | undefined,
): Promise<RequestorInitiated> {
  const { threeDSRequestorPriorAuthenticationInfo: info, threeDSRequestorID } = message
  // 2.3.1 lists them.
  const named = (Array.isArray(info) ? info : [info])
    .filter(isObject)
    .map(each => String(each.threeDSReqPriorRef))
    .filter(ref => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(ref))
  const requestor = { directoryServer: directoryServer.id, requestorID: String(threeDSRequestorID) }
  return {
    ind: String(message.threeRIInd),
    trustList: message.messageCategory === '02' && keepsTrustList(),
    proven: cardId !== undefined && named.length > 0 && (await wasProven(cardId, named, requestor)),
  }
}
