import type { Rendering } from './app-screens.ts'
import type { AuthenticationElements, AuthenticationMethod, AuthenticationType } from './authentication-method.ts'
import type { Erro } from './erro.ts'
import type { JsonObject } from './field.ts'
import { type Outcome, type OutcomeElements, outcomeElements, transStatusForCRes } from './outcome.ts'
import type { MessageVersion } from './version.ts'
import { type TrustElements, type TrustStatus, trustElements, type Wishes } from './wishes.ts'

/** The ids that tie the messages of one transaction together. */
export interface TransactionIds {
  readonly messageVersion: MessageVersion
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly acsTransID: string
}

/** ARes, EMV 3DS table B.2. */
export interface ARes extends TransactionIds, Wishes, TrustElements {
  readonly messageType: 'ARes'
  readonly dsReferenceNumber: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
  readonly transStatus: OutcomeElements['transStatus']
  readonly transStatusReason?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly acsChallengeMandated?: 'Y' | 'N'
  /** 02 dynamic: a code; 03 out of band; 04 decoupled. 2.3.1 lists the methods instead. */
  readonly authenticationType?: AuthenticationType | '04'
  readonly authenticationMethod?: (AuthenticationMethod | '12')[]
  /** Browser. */
  readonly acsURL?: string
  /** App: JWS with our address and both sides' ephemeral keys. */
  readonly acsSignedContent?: string
  readonly acsRenderingType?: Rendering
  readonly sdkTransID?: string
  /** App, 2.3.1: we never send an app to another one, so its address is of no use here. */
  readonly threeDSRequestorAppURLInd?: 'N'
  /** App, 2.3.1: the version of deviceInfo that is understood here. */
  readonly deviceInfoRecognisedVersion?: string
  /** At most 128 characters, shown to the cardholder by the 3DS Requestor; 2.3.1 has room for pictures beside it. */
  readonly cardholderInfo?: string | { readonly text: string }
}

/** Who speaks with whom, and what each ARes of the transaction says besides its outcome. */
export interface Parties extends Wishes, TrustElements {
  readonly dsReferenceNumber: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
}

/** The ARes that settles a purchase without a challenge, in whatever way. */
export function concludedARes(
  ids: TransactionIds,
  parties: Parties,
  outcome: Outcome,
  more: { readonly authenticationValue?: string; readonly cardholderInfo?: string; readonly sdkTransID?: string },
): ARes {
  const { challengeCancel: _, ...elements } = outcomeElements(outcome, ids.messageVersion)
  const { cardholderInfo: info, ...proof } = more
  const cardholderInfo = info && ids.messageVersion === '2.3.1' ? { text: info } : info
  const app = inApp(ids, more.sdkTransID)
  return {
    messageType: 'ARes',
    ...ids,
    ...parties,
    ...elements,
    ...proof,
    ...app,
    ...(cardholderInfo && { cardholderInfo }),
  }
}

/** How a challenge goes on: in a browser at an address, in an app with what its SDK must know. */
type MethodId =
  | { readonly acsURL: string }
  | { readonly acsSignedContent: string; readonly acsRenderingType: Rendering; readonly sdkTransID: string }

/** The ARes that asks the cardholder (transStatus C). */
export function challengeARes(
  ids: TransactionIds,
  parties: Parties,
  challenge: MethodId & { readonly acsChallengeMandated: 'Y' | 'N' },
  /** By which methods this cardholder can be asked, the first one first. */
  methods: readonly AuthenticationElements[],
): ARes {
  const how =
    ids.messageVersion === '2.3.1'
      ? { authenticationMethod: methods.map(({ authenticationMethod }) => authenticationMethod) }
      : { authenticationType: methods[0]?.authenticationType ?? '02' }
  const app = 'sdkTransID' in challenge ? inApp(ids, challenge.sdkTransID) : {}
  return { messageType: 'ARes', ...ids, ...parties, transStatus: 'C', ...how, ...challenge, ...app }
}

/** The ARes after which the cardholder is asked apart from the merchant (transStatus D); 2.1.0 has none. */
export function decoupledARes(
  ids: TransactionIds,
  parties: Parties,
  more: { readonly cardholderInfo: string; readonly sdkTransID?: string },
): ARes {
  const since231 = ids.messageVersion === '2.3.1'
  return {
    messageType: 'ARes',
    ...ids,
    ...parties,
    transStatus: 'D',
    ...(since231 ? { authenticationMethod: ['12'] } : { authenticationType: '04' }),
    acsChallengeMandated: 'Y',
    acsDecConInd: 'Y',
    cardholderInfo: since231 ? { text: more.cardholderInfo } : more.cardholderInfo,
    ...(more.sdkTransID !== undefined && { sdkTransID: more.sdkTransID }),
  }
}

/** ORes, EMV 3DS 2.3.1 table B.11: a word about operation has been taken. */
export interface ORes {
  readonly messageType: 'ORes'
  readonly messageVersion: MessageVersion
  readonly acsReferenceNumber: string
  readonly acsTransID: string
  readonly dsTransID: string
  /** Received. */
  readonly opStatus: '01'
}

/** What every ARes of the app channel has besides in 2.3.1. */
function inApp({ messageVersion }: TransactionIds, sdkTransID: string | undefined) {
  if (sdkTransID === undefined || messageVersion !== '2.3.1') return {}
  return { threeDSRequestorAppURLInd: 'N', deviceInfoRecognisedVersion: '1.6' } as const
}

/** RReq, EMV 3DS table B.8: how a challenge ended. */
export interface RReq extends TransactionIds, TrustElements {
  readonly messageType: 'RReq'
  readonly messageCategory: string
  readonly transStatus: OutcomeElements['transStatus']
  readonly transStatusReason?: string
  readonly challengeCancel?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly authenticationType?: AuthenticationType | '04'
  /** 12 decoupled, which 2.3.1 alone has. */
  readonly authenticationMethod?: AuthenticationMethod | readonly (AuthenticationMethod | '12')[]
  /** 2.3.1: the Erro that the CReq was answered with, or a copy of the SDK's own. */
  readonly challengeErrorReporting?: Erro | JsonObject
  /** Two digits: what the cardholder submitted, cancelling included. None after a decoupled authentication. */
  readonly interactionCounter?: string
  /** App, from 2.2.0 on. */
  readonly sdkTransID?: string
  /** App. */
  readonly acsRenderingType?: Rendering
}

export interface ChallengeResult {
  readonly outcome: Outcome
  readonly messageCategory: string
  readonly interactions: number
  /** Of the method that was proved, or else asked last; absent when nothing was asked. */
  readonly method?: AuthenticationElements
  readonly authenticationValue?: string
  /** Whether the merchant is trusted now; absent where the requestor did not ask and nothing changed. */
  readonly trust?: TrustStatus | undefined
  /** What a bad CReq was answered. */
  readonly erro?: Erro | JsonObject | undefined
  /** Of a challenge in an app. */
  readonly app?: { readonly sdkTransID: string; readonly acsRenderingType: Rendering }
  /** The cardholder was asked apart from the merchant; `sdkTransID` where that is an app. */
  readonly decoupled?: { readonly sdkTransID?: string | undefined }
}

export function rreq(ids: TransactionIds, result: ChallengeResult): RReq {
  const elements = outcomeElements(result.outcome, ids.messageVersion)
  const since231 = ids.messageVersion === '2.3.1'
  const method = result.method?.authenticationMethod
  const judged = elements.transStatus === 'Y' || elements.transStatus === 'N'
  return {
    messageType: 'RReq',
    ...ids,
    messageCategory: result.messageCategory,
    ...elements,
    ...(result.authenticationValue && { authenticationValue: result.authenticationValue }),
    ...(judged &&
      !since231 && {
        authenticationType: result.decoupled ? ('04' as const) : (result.method?.authenticationType ?? '02'),
      }),
    ...(since231 && result.decoupled && { authenticationMethod: ['12' as const] }),
    ...(method && { authenticationMethod: since231 ? [method] : method }),
    ...(since231 && result.erro && { challengeErrorReporting: result.erro }),
    ...(!result.decoupled && { interactionCounter: String(Math.min(result.interactions, 99)).padStart(2, '0') }),
    ...(result.decoupled?.sdkTransID !== undefined && { sdkTransID: result.decoupled.sdkTransID }),
    ...(result.trust && trustElements(ids.messageVersion, result.trust)),
    ...(result.app && {
      ...(ids.messageVersion !== '2.1.0' && { sdkTransID: result.app.sdkTransID }),
      acsRenderingType: result.app.acsRenderingType,
    }),
  }
}

/** Final CRes of the browser channel, EMV 3DS table B.4. */
export interface CRes {
  readonly messageType: 'CRes'
  readonly messageVersion: MessageVersion
  readonly threeDSServerTransID: string
  readonly acsTransID: string
  readonly challengeCompletionInd?: 'Y'
  readonly transStatus: 'Y' | 'N'
}

/** challengeCompletionInd belongs to the app channel by the tables, yet 2.1.0 and 2.2.0 browser clients in the field expect it; 2.3.1 has none. */
export function cres(ids: Omit<TransactionIds, 'dsTransID'>, outcome: Outcome): CRes {
  return {
    messageType: 'CRes',
    messageVersion: ids.messageVersion,
    threeDSServerTransID: ids.threeDSServerTransID,
    acsTransID: ids.acsTransID,
    ...(ids.messageVersion !== '2.3.1' && { challengeCompletionInd: 'Y' as const }),
    transStatus: transStatusForCRes(outcome),
  }
}
