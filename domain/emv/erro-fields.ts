import { always, digits, type Field, pattern, text, uuid, values } from './field.ts'

/** A received Erro, EMV 3DS table B.12. Any error code is accepted. */
export const erroFields: readonly Field[] = [
  { name: 'messageType', is: values('Erro'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'errorCode', is: digits(3), required: always },
  { name: 'errorComponent', is: values('C S D A'), required: always },
  { name: 'errorDescription', is: text(2048), required: always },
  { name: 'errorDetail', is: text(2048), required: always },
  { name: 'errorMessageType', is: pattern(/^[A-Za-z]{4}$/, { name: 'letters' }) },
  { name: 'threeDSServerTransID', is: uuid },
  { name: 'dsTransID', is: uuid },
  { name: 'acsTransID', is: uuid },
  { name: 'sdkTransID', is: uuid },
]
