import { always, type Field, text, uuid, values } from './field.ts'
import { messageExtension } from './message-extension.ts'

/** RRes, the directory server's acknowledgement of a result, EMV 3DS table B.9. */
export const rres: readonly Field[] = [
  { name: 'messageType', is: values('RRes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'dsTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'sdkTransID', is: uuid, since: '2.3.1', required: [{ channel: ['01'] }], channel: ['01'] },
  { name: 'resultsStatus', is: values('01 02 03 80-99', { '2.3.1': '04' }), required: always },
  ...messageExtension,
]
