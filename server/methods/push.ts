import { beginRequest, canRequestApproval } from '../approval/begin-request.ts'
import { deviceScreen } from '../channels/app/method-screens.ts'
import type { ServerMethod } from './method.ts'

export const push: ServerMethod = {
  ready: canRequestApproval,
  async begin(tx, { row, recipients, isSilent, at }) {
    if (!isSilent) await beginRequest(tx, row, recipients, at)
    return {}
  },
  screen: deviceScreen,
}
