import { beginRequest, canRequestApproval } from '../approval/begin-request.ts'
import { countPush } from '../challenge/card-limits.ts'
import { deviceScreen } from '../channels/app/method-screens.ts'
import type { ServerMethod } from './method.ts'

export const push: ServerMethod = {
  ready: canRequestApproval,
  async begin(tx, { row, recipients, limits, at }) {
    if (limits.pushes.kind === 'permitted' && (await beginRequest(tx, row, recipients, at))) await countPush(tx, limits)
    return {}
  },
  screen: deviceScreen,
}
