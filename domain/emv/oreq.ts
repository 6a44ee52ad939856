import { always, date, type Field, object, pattern, text, uuid, values } from './field.ts'
import { messageExtension } from './message-extension.ts'

/** 01 to 99. */
const sequenceNumber = pattern(/^(?!00)[0-9]{2}$/, { name: 'sequenceNumber' })

/** OReq, a message of a directory server about its operation, EMV 3DS 2.3.1 table B.10. */
export const oreq: readonly Field[] = [
  { name: 'messageType', is: values('OReq'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'dsReferenceNumber', is: text(32), required: always },
  { name: 'dsTransID', is: uuid, required: always },
  { name: 'opCategory', is: values('01 02 03 04 05 06 80-99'), required: always },
  { name: 'opSeverity', is: values('01 02 03 04 80-99'), required: always },
  { name: 'opDescription', is: text(20_000), required: always },
  { name: 'opExpDate', is: date('YYYYMMDD'), required: always },
  {
    name: 'opPriorTransRef',
    is: object([
      { name: 'transIdType', is: values('01 02 03'), required: always },
      { name: 'transId', is: uuid, required: always },
    ]),
  },
  {
    name: 'opSeq',
    is: object([
      { name: 'seqId', is: uuid, required: always },
      { name: 'seqNum', is: sequenceNumber, required: always },
      { name: 'seqTotal', is: sequenceNumber, required: always },
    ]),
    required: always,
  },
  ...messageExtension,
]
