import { encode } from './base64url.ts'
import { latest, type Message, type Order, type Passed } from './order.ts'

/**
 * The curl command of the exchange to which a message belongs, as browsers' tools copy it: for an ARes or an RRes that
 * of its request. The shop keeps card numbers only in part, so the shell variable CARD has to contain the whole one.
 */
export function curlOf(order: Order, { message, body }: Passed, areqURL: string): string {
  const areq = latest(order, 'AReq') ?? {}
  const session = { threeDSSessionData: order.threeDSSessionData }
  const dsURL = String(areq.dsURL)
  switch (message) {
    case 'AReq':
    case 'ARes':
      return ofAReq(areq, areqURL)
    case 'CReq':
      return postForm(String(latest(order, 'ARes')?.acsURL), { creq: encode(body), ...session })
    case 'CRes':
      return postForm(String(areq.notificationURL), { cres: encode(body), ...session })
    case 'RReq':
    case 'RRes':
      return postJson(dsURL, latest(order, 'RReq') ?? {}, 'acsTransID')
    case 'Erro':
      if (body === order.passed[1]?.body) return ofAReq(areq, areqURL)
      return body.errorMessageType === 'CReq'
        ? postForm(String(areq.notificationURL), { erro: encode(body), ...session })
        : postJson(dsURL, body)
  }
}

function ofAReq(areq: Message, areqURL: string): string {
  return postJson(areqURL, areq, 'dsTransID').replace(quote(`"${areq.acctNumber}"`).slice(1, -1), `"'"\${CARD:?}"'"`)
}

/** `idElement`: the element that X-Request-ID repeats in 2.3.1. */
function postJson(url: string, message: Message, idElement?: string): string {
  const id =
    message.messageVersion === '2.3.1' && idElement ? [`-H ${quote(`X-Request-ID: ${message[idElement]}`)}`] : []
  const parts = [`-H ${quote('Content-Type: application/json; charset=utf-8')}`, ...id]
  return command([...parts, `-d ${quote(JSON.stringify(message, null, 2))}`, quote(url)])
}

function postForm(url: string, fields: Readonly<Record<string, string>>): string {
  const data = Object.entries(fields).map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`)
  return command(['-i', ...data, quote(url)])
}

function command(parts: readonly string[]): string {
  return ['curl -sS', ...parts].join(' \\\n  ')
}

/** One argument of a POSIX shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
