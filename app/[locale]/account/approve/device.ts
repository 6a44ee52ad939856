import { cache } from 'react'
import { deviceOfCookie } from '#server/approval/subscribe.ts'
import { currentApprovalSecret } from '../cookies.ts'

/** The approval device that this browser is, looked up once per request. */
export const currentApprovalDevice = cache(async () => {
  const secret = await currentApprovalSecret()
  return secret === undefined ? undefined : deviceOfCookie(secret)
})
