/** The elements whose values are X-Request-ID and X-Response-ID of each message that we send, by messageType. */
const elements: Readonly<Record<string, readonly [requestID: string, responseID?: string]>> = {
  ARes: ['dsTransID', 'acsTransID'],
  ORes: ['dsTransID', 'acsTransID'],
  RReq: ['acsTransID'],
  CRes: ['sdkTransID', 'acsTransID'],
}

/**
 * The HTTP headers of a message that we send: EMV 3DS 2.3.1.1, table A.29. The values are those of the messages' bodies,
 * whatever the headers of a request say [Req 469]. Earlier versions have no such headers, nor has an Erro.
 */
export function idHeaders(message: object): Readonly<Record<string, string>> {
  const sent = message as Readonly<Record<string, unknown>>
  const [requestID, responseID] = elements[String(sent.messageType)] ?? []
  if (sent.messageVersion !== '2.3.1' || !requestID) return {}
  return {
    'x-request-id': String(sent[requestID]),
    ...(responseID && { 'x-response-id': String(sent[responseID]) }),
  }
}
