import { areq } from '#domain/emv/areq.ts'
import type { Parsed } from '#domain/emv/codec.ts'
import { localeOf } from '#domain/emv/device-info.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { Parties } from '#domain/emv/messages.ts'
import { examine } from '#domain/emv/receive.ts'
import { asksAboutTrust, trustElements } from '#domain/emv/requested-elements.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { keepsTrustList } from '../challenge/trust.ts'
import { config } from '../platform/config.ts'
import { newId, newRandomId } from '../platform/crypto.ts'
import { demoMode } from '../platform/demo-mode.ts'
import { type DirectoryServer, rangeOf } from '../platform/issuer.ts'
import { list, type Request } from './request.ts'

export type Received =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'refused'; readonly erro: Erro }

/**
 * Checks every field of an AReq, that it comes from its own directory server, and that the card number is in one of its
 * ranges.
 */
export function receiveAReq(parsed: Parsed, directoryServer: DirectoryServer, at: number): Received {
  const received = examine(parsed, { messageType: 'AReq', table: areq, loopbackHttp: demoMode() })
  if (received.kind === 'refused') return received
  const { message, whole, version } = received
  const text = textIn(message)

  if (text('dsReferenceNumber') !== directoryServer.referenceNumber) return refused('303', 'dsReferenceNumber', message)
  const dsURL = text('dsURL')
  if (dsURL && !directoryServer.hosts.includes(new URL(dsURL).host)) return refused('303', 'dsURL', message)
  const range = rangeOf(config().issuer, text('acctNumber') ?? '')
  if (!range || !directoryServer.ranges.includes(range.id)) return refused('305', 'acctNumber', message)

  const request: Request = {
    message,
    version,
    directoryServer,
    range,
    text,
    locale: text('deviceChannel') === '01' ? localeOf(text('deviceInfo') ?? '') : browserLanguage(message),
    whole,
    id: newId(at),
    ids: {
      messageVersion: version,
      threeDSServerTransID: text('threeDSServerTransID') ?? '',
      dsTransID: text('dsTransID') ?? '',
      acsTransID: newRandomId(),
    },
    parties: partiesOf(message, version, directoryServer),
  }
  return { kind: 'request', request }
}

function textIn(message: JsonObject): Request['text'] {
  return name => (typeof message[name] === 'string' ? message[name] : undefined)
}

function refused(code: '303' | '305', element: string, message: JsonObject): Received {
  return { kind: 'refused', erro: erro(code, element, message) }
}

function partiesOf(message: JsonObject, version: MessageVersion, directoryServer: DirectoryServer): Parties {
  return {
    dsReferenceNumber: directoryServer.referenceNumber,
    acsReferenceNumber: directoryServer.acsReferenceNumber,
    ...(directoryServer.acsOperatorID && { acsOperatorID: directoryServer.acsOperatorID }),
    ...(asksAboutTrust(message, version) && trustElements(version, keepsTrustList() ? 'U' : 'E')),
  }
}

/**
 * The browser's language. A 2.3.1 browser without JavaScript sends it only in a header. Either may be any text, such as
 * `*`, which names no language.
 */
function browserLanguage({ browserLanguage, acceptLanguage }: JsonObject): string | undefined {
  return [...list(browserLanguage), ...list(acceptLanguage)].find(named => /^[a-z]{2}/i.test(named))
}
