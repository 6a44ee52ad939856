import { always, type Field, url, uuid } from './field.ts'

/**
 * threeDSMethodData as the 3DS Server's page posts it, EMV 3DS table A.3; it has no version, so the URL may have the
 * maximum length of any version.
 */
export const methodData: readonly Field[] = [
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'threeDSMethodNotificationURL', is: url(2048, true), required: always },
]
