import { pushHandler } from '../approval/push-handler.ts'
import { resultHandler } from '../challenge/report-result.ts'
import { erroHandler } from '../challenge/send-erro.ts'
import { emailHandler, smsHandler } from '../messaging/handlers.ts'
import { alertHandler } from '../watch/alert-handler.ts'
import { noticeHandler } from '../watch/notice-handler.ts'
import type { Handlers } from './sender.ts'

/** The handler of each kind of outbox row. */
export const handlers: Handlers = {
  rreq: resultHandler,
  erro: erroHandler,
  email: emailHandler,
  sms: smsHandler,
  push: pushHandler,
  alert: alertHandler,
  'watch-notice': noticeHandler,
}
