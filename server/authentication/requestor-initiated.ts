import { wasProven } from '#db/queries/authentications.ts'
import { isObject } from '#domain/emv/check.ts'
import type { RequestorInitiated } from '#domain/risk/signals.ts'
import { keepsTrustList } from '../challenge/trust.ts'
import type { Request } from './request.ts'

/** What an AReq of channel 03 (3RI) requests. */
export function requestorInitiated({ message }: Request): RequestorInitiated {
  return { ind: String(message.threeRIInd), trustList: message.messageCategory === '02' && keepsTrustList() }
}

/** Whether the cardholder completed an earlier challenge that the AReq refers to, for the same requestor. */
export async function provedBefore({ message, directoryServer }: Request, cardId: string): Promise<boolean> {
  const { threeDSRequestorPriorAuthenticationInfo: info, threeDSRequestorID } = message
  // 2.3.1 has a list of references.
  const named = (Array.isArray(info) ? info : [info])
    .filter(isObject)
    .map(each => String(each.threeDSReqPriorRef))
    .filter(ref => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(ref))
  const requestor = { directoryServer: directoryServer.id, requestorID: String(threeDSRequestorID) }
  return named.length > 0 && wasProven(cardId, named, requestor)
}
