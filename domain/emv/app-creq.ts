import { always, type Field, onlyTrue, pattern, text, url, uuid, values } from './field.ts'
import { messageExtension } from './message-extension.ts'

/** sdkCounterStoA and acsCounterAtoS: three digits, 000 to 255. */
export const counter = pattern(/^(?:[01][0-9]{2}|2[0-4][0-9]|25[0-5])$/, { name: 'counter' })

/**
 * CReq of the app channel inside the JWE, EMV 3DS table B.3. Which answer elements are required depends on the screen
 * shown last, so `readAnswer` in app-answer.ts checks that.
 */
export const appCReq: readonly Field[] = [
  { name: 'messageType', is: values('CReq'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'sdkTransID', is: uuid, required: always },
  { name: 'sdkCounterStoA', is: counter, required: always },
  // Before 2.3.1 it may have a scheme of the app's own.
  { name: 'threeDSRequestorAppURL', is: text(256), since: '2.2.0', until: '2.2.0' },
  { name: 'threeDSRequestorAppURL', is: url(2048, true), since: '2.3.1' },
  { name: 'challengeCancel', until: '2.2.0', is: values('01 02 03 04 05 06 07 08 80-99') },
  { name: 'challengeCancel', since: '2.3.1', is: values('01 03 04 05 06 07 08 09 10 80-99') },
  { name: 'challengeDataEntry', is: text(45) },
  { name: 'challengeHTMLDataEntry', is: text(256) },
  { name: 'challengeNoEntry', is: values('Y'), since: '2.2.0' },
  { name: 'oobContinue', until: '2.2.0', is: onlyTrue },
  { name: 'oobContinue', since: '2.3.1', is: values('01 02 (80-99)') },
  { name: 'resendChallenge', until: '2.2.0', is: values('Y N') },
  { name: 'resendChallenge', since: '2.3.1', is: values('Y') },
  { name: 'whitelistingDataEntry', since: '2.2.0', until: '2.2.0', is: values('Y N') },
  { name: 'oobAppURLInd', since: '2.3.1', is: values('01 02 03 80-99'), required: always },
  { name: 'oobAppStatus', since: '2.3.1', is: values('01 (80-99)') },
  { name: 'challengeDataEntryTwo', since: '2.3.1', is: text(45) },
  { name: 'challengeAddCode', since: '2.3.1', is: values('Y') },
  { name: 'infoContinueIndicator', since: '2.3.1', is: onlyTrue },
  { name: 'deviceBindingDataEntry', since: '2.3.1', is: values('Y N') },
  { name: 'trustListDataEntry', since: '2.3.1', is: values('Y N') },
  ...messageExtension,
]
