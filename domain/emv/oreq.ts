import { always, array, date, digits, type Field, object, text, uuid, values } from './field.ts'
import { messageExtension } from './message-extension.ts'

const twoDigits = digits(2)

/**
 * OReq, a message of a directory server about its operation, EMV 3DS 2.3.1 table B.10. Only the form of the category
 * and severity codes is checked, because their meaning is agreed with the directory server.
 */
export const oreq: readonly Field[] = [
  { name: 'messageType', is: values('OReq'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'dsReferenceNumber', is: text(32), required: always },
  { name: 'dsTransID', is: uuid, required: always },
  { name: 'opCategory', is: twoDigits, required: always },
  { name: 'opSeverity', is: twoDigits, required: always },
  { name: 'opDescription', is: text(20_000), required: always },
  { name: 'opExpDate', is: date('YYYYMMDD') },
  {
    name: 'opPriorTransRef',
    is: array(
      object([
        { name: 'transIdType', is: twoDigits, required: always },
        { name: 'transId', is: uuid, required: always },
      ]),
      1,
      99,
    ),
  },
  {
    name: 'opSeq',
    is: object([
      { name: 'seqId', is: uuid, required: always },
      { name: 'seqNum', is: digits(2), required: always },
      { name: 'seqTotal', is: digits(2), required: always },
    ]),
  },
  ...messageExtension,
]
