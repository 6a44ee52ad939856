import { always, type Field, text, uuid, values } from './field.ts'
import { messageExtension } from './message-extension.ts'

/** CReq of the browser channel, EMV 3DS table B.3. Merchants' clients send extra elements; they are ignored. */
export const creq: readonly Field[] = [
  { name: 'messageType', is: values('CReq'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'challengeWindowSize', is: values('01 02 03 04 05'), required: always },
  ...messageExtension,
]
