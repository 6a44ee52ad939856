import type { ChallengeRow } from '#db/queries/challenges.ts'
import { type RecipientsNow, recipientBy } from '../challenge/code-recipients.ts'
import { countSms, type Sms, smsOriginOf, uncountSms } from '../messaging/count-sms.ts'
import { isChallengeAttacked } from '../watch/attack.ts'
import { codeBy } from './code.ts'
import type { ServerMethod } from './method.ts'

export const smsCode: ServerMethod = {
  ...codeBy('sms-code', 'sms'),
  // An attack is like a cap: the rules for larger purchases and for cardholders without another contact apply.
  reserve: async (tx, row, recipients, at) =>
    !(await isChallengeAttacked(tx, row.id, at)) && countSms(tx, textOf(row, recipients), at),
  release: (tx, row, recipients, at) => uncountSms(tx, textOf(row, recipients), at),
}

function textOf(row: ChallengeRow, recipients: RecipientsNow): Sms {
  return { to: recipientBy('sms', recipients)?.to ?? '', smsOrigin: smsOriginOf(row), always: false }
}
