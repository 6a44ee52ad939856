import { canApproveInAccount, notifyToApprove } from '../authentication/decoupled.ts'
import { approvalScreen } from '../channels/app/method-screens.ts'
import type { ServerMethod } from './method.ts'

export const account: ServerMethod = {
  ready: (tx, { cardId }, _recipients, at) => canApproveInAccount(tx, cardId, at),
  notifies: true,
  // If no message may be sent, the window still says where to answer.
  async begin(tx, { row, deadlineAt, limits, at }) {
    if (limits.sending.kind === 'permitted') await notifyToApprove(tx, row, deadlineAt, at)
    return {}
  },
  screen: approvalScreen,
}
