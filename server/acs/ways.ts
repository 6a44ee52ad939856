import type { Queryable } from '#db/client.ts'
import { maskEmail, maskPhone } from '#domain/challenge/mask.ts'
import { type Way, waysOf } from '#domain/challenge/ways.ts'
import type { Channel } from '#domain/contact/routes.ts'
import { canAnswer } from './ask-elsewhere.ts'
import { type Routed, routesOf } from './routes.ts'

/** How a cardholder may be asked at this moment. */
export interface WaysNow {
  readonly ways: readonly Way[]
  /** Where codes would go, as their owner knows it. */
  readonly masked: Readonly<Record<Channel, string>>
}

/** Only ways that the rules for codes allow. While payments are watched, the account is none: who is watched for may be in it. */
export async function waysNow(tx: Queryable, row: Routed, at: number): Promise<WaysNow> {
  const { routes, watched } = await routesOf(tx, row, at)
  const contacts = routes.kind === 'to' ? routes.contacts : []
  const to = (wanted: Channel) => contacts.find(({ channel }) => channel === wanted)?.to ?? ''
  return {
    ways: waysOf((['email', 'sms'] as const).filter(to), !watched && (await canAnswer(tx, row.cardId, at))),
    masked: { email: maskEmail(to('email')), sms: maskPhone(to('sms')) },
  }
}
