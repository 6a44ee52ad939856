import { randomUUID } from 'node:crypto'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import { recordMethod } from '../authentication/three-ds-method.ts'

/** A browser at one merchant's page, as the 3DS Method sees it: what each of its AReqs has. */
export function browserOf() {
  let reference: string | undefined
  return async (): Promise<Overrides> => {
    const threeDSServerTransID = randomUUID()
    const data = { threeDSServerTransID, threeDSMethodNotificationURL: 'https://3ds.merchant.example/done' }
    const seen = await recordMethod(Buffer.from(JSON.stringify(data)).toString('base64url'), {
      userAgent: 'Browser/1.0',
      origin: 'https://shop.example',
      reference,
    })
    if (seen.kind === 'refused') throw new Error('refused')
    reference = seen.reference
    return { threeDSServerTransID, threeDSCompInd: 'Y', browserUserAgent: 'Browser/1.0', browserIP: '203.0.113.7' }
  }
}
