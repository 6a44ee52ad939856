import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import postgres from 'postgres'

// The floor: what the same traffic costs without our code. A bare HTTP server that neither checks, decides nor signs;
// for each request it runs the two SQL statements of a frictionless AReq, prepared, one by one, and answers as many
// bytes as the product does.

/** What the product once read, wrote and answered; the floor repeats it with fresh ids. */
export interface Model {
  readonly databaseURL: string
  readonly port: number
  /** HMAC of the card's number, hexadecimal. */
  readonly numberHmac: string
  readonly directoryServer: string
  readonly cardId: string
  readonly decision: string
  /** As stored, JSON. */
  readonly areq: string
  readonly ares: string
  /** The body that the product sent, with its dsTransID. */
  readonly answer: string
  readonly dsTransID: string
}

process.on('message', (model: Model) => start(model))

function start({ databaseURL, port, answer, dsTransID: answered, ...row }: Model): void {
  const sql = postgres(databaseURL, { max: 10 })
  const numberHmac = Buffer.from(row.numberHmac, 'hex')
  const digest = Buffer.alloc(32, 7)

  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const body = Buffer.concat(parts).toString('utf8')
      const at = body.indexOf('"dsTransID":"') + 13
      const dsTransID = body.slice(at, at + 36)
      const now = new Date().toISOString()
      await sql`
        select cards.id, cards.number_hmac, cards.status, cards.expires_at, cardholders.language,
          (select json_agg(json_build_object('channel', contacts.kind, 'changedAt', contacts.effective_at)) from contacts
            where contacts.cardholder_id = cardholders.id and contacts.kind in ('email', 'mobile')
            and contacts.effective_at <= ${now}::timestamptz
            and (contacts.ended_at is null or contacts.ended_at > ${now}::timestamptz)) as contacts,
          cardholders.report_open_since
        from cards join cardholders on cardholders.id = cards.cardholder_id
        where cards.number_hmac in (${numberHmac}, ${numberHmac}) limit 1`
      const id = randomUUID()
      await sql`
        with claimed as (
          insert into transaction_ids (authentication_id, directory_server, ds_trans_id)
          values (${id}, ${row.directoryServer}, ${dsTransID})
          on conflict (directory_server, ds_trans_id) do nothing returning authentication_id
        )
        insert into authentications (id, acs_trans_id, directory_server, ds_trans_id, areq_hmac, card_id, decision, areq,
          ares, created_at)
        select authentication_id, ${randomUUID()}, ${row.directoryServer}, ${dsTransID}, ${digest}, ${row.cardId},
          ${row.decision}, ${row.areq}::text::jsonb, ${row.ares}::text::jsonb, ${now}
        from claimed returning id`
      response.setHeader('content-type', 'application/json; charset=utf-8')
      response.end(answer.replace(answered, dsTransID))
    })
  })
  server.listen(port, 'localhost', () => process.send?.('ready'))
}
