import { resultHandler } from '../challenge/report-result.ts'
import { emailHandler, smsHandler } from '../messaging/handlers.ts'
import type { Handlers } from './sender.ts'

/** Who hands over each kind of row that the outbox has. */
export const handlers: Handlers = { rreq: resultHandler, email: emailHandler, sms: smsHandler }
