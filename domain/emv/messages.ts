import type { Rendering } from './app-screens.ts'
import type { AuthenticationElements, AuthenticationMethod, AuthenticationType } from './authentication-method.ts'
import type { Erro } from './erro.ts'
import type { JsonObject } from './field.ts'
import { type Outcome, type OutcomeElements, outcomeElements, transStatusForCRes } from './outcome.ts'
import { type TrustElements, type TrustStatus, trustElements } from './requested-elements.ts'
import type { SpcRequest } from './spc.ts'
import type { MessageVersion } from './version.ts'

/** The ids that the messages of one transaction share. */
export interface TransactionIds {
  readonly messageVersion: MessageVersion
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly acsTransID: string
}

/** ARes, EMV 3DS table B.2. */
export interface ARes extends TransactionIds, TrustElements, Partial<SpcRequest> {
  readonly messageType: 'ARes'
  readonly dsReferenceNumber: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
  readonly transStatus: OutcomeElements['transStatus']
  readonly transStatusReason?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly acsChallengeMandated?: 'Y' | 'N'
  /** Decoupled authentication follows. N is not sent: no condition requires it. */
  readonly acsDecConInd?: 'Y'
  /** 02 dynamic (a code), 03 out of band, 04 decoupled. 2.3.1 has authenticationMethod in its place. */
  readonly authenticationType?: AuthenticationType | '04'
  readonly authenticationMethod?: (AuthenticationMethod | '12')[]
  /** Browser channel. */
  readonly acsURL?: string
  /** App channel: a JWS with our URL and the ephemeral keys of both sides. */
  readonly acsSignedContent?: string
  readonly acsRenderingType?: Rendering
  readonly sdkTransID?: string
  /** App, 2.3.1: N, because we never open one app from another and so do not use the app's URL. */
  readonly threeDSRequestorAppURLInd?: 'N'
  /** App, 2.3.1: the version of deviceInfo that we recognise. */
  readonly deviceInfoRecognisedVersion?: string
  /**
   * At most 128 characters, shown to the cardholder by the 3DS Requestor. In 2.3.1 an object, which may also hold
   * images.
   */
  readonly cardholderInfo?: string | { readonly text: string }
}

/** The identification of both parties, and the elements that every ARes of the transaction has besides its outcome. */
export interface Parties extends TrustElements {
  readonly dsReferenceNumber: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
}

/** Builds the ARes that concludes a purchase without a challenge. */
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

/** How a challenge continues: in a browser at a URL, in an app with the data that its SDK needs. */
type ChallengeEntry =
  | { readonly acsURL: string }
  | { readonly acsSignedContent: string; readonly acsRenderingType: Rendering; readonly sdkTransID: string }

/** Builds the ARes that requires a challenge (transStatus C). */
export function challengeARes(
  ids: TransactionIds,
  parties: Parties,
  challenge: ChallengeEntry & { readonly acsChallengeMandated: 'Y' | 'N' },
  /** The methods available to this cardholder, the initial one first. */
  methods: readonly AuthenticationElements[],
): ARes {
  const how =
    ids.messageVersion === '2.3.1'
      ? { authenticationMethod: methods.map(({ authenticationMethod }) => authenticationMethod) }
      : { authenticationType: methods[0]?.authenticationType ?? '02' }
  const app = 'sdkTransID' in challenge ? inApp(ids, challenge.sdkTransID) : {}
  return { messageType: 'ARes', ...ids, ...parties, transStatus: 'C', ...how, ...challenge, ...app }
}

/** Builds the ARes that asks for a secure payment confirmation (transStatus S), which only 2.3.1 has. */
export function spcARes(ids: TransactionIds, parties: Parties, request: SpcRequest): ARes {
  return { messageType: 'ARes', ...ids, ...parties, transStatus: 'S', ...request }
}

/** Builds the ARes that begins a decoupled authentication (transStatus D), which 2.1.0 does not have. */
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
    ...inApp(ids, more.sdkTransID),
  }
}

/** ORes, EMV 3DS 2.3.1 table B.11: acknowledges an operation message (OReq). */
export interface ORes {
  readonly messageType: 'ORes'
  readonly messageVersion: MessageVersion
  readonly acsReferenceNumber: string
  readonly acsTransID: string
  readonly dsTransID: string
  /** 01: received; 02: the sequence of messages is broken. */
  readonly opStatus: '01' | '02'
}

/** The additional elements of an ARes of the app channel in 2.3.1. */
function inApp({ messageVersion }: TransactionIds, sdkTransID: string | undefined) {
  if (sdkTransID === undefined || messageVersion !== '2.3.1') return {}
  return { threeDSRequestorAppURLInd: 'N', deviceInfoRecognisedVersion: '1.6' } as const
}

/** RReq, EMV 3DS table B.8: the result of a challenge. */
export interface RReq extends TransactionIds, TrustElements {
  readonly messageType: 'RReq'
  readonly messageCategory: string
  readonly transStatus: OutcomeElements['transStatus']
  readonly transStatusReason?: string
  readonly challengeCancel?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly authenticationType?: AuthenticationType | '04'
  /** 12 is decoupled, which only 2.3.1 has. */
  readonly authenticationMethod?: AuthenticationMethod | readonly (AuthenticationMethod | '12')[]
  /** 2.3.1: the Erro with which we answered the CReq, or a copy of the SDK's Erro. */
  readonly challengeErrorReporting?: Erro | JsonObject
  /**
   * Two digits: the number of the cardholder's submissions, including a cancellation. Absent after a decoupled
   * authentication.
   */
  readonly interactionCounter?: string
  /** App channel, from 2.2.0 on. */
  readonly sdkTransID?: string
  /** App channel. */
  readonly acsRenderingType?: Rendering
}

export interface ChallengeResult {
  readonly outcome: Outcome
  readonly messageCategory: string
  readonly interactions: number
  /** The method that was proved, or otherwise the last one asked; absent if none was asked. */
  readonly method?: AuthenticationElements
  /** The methods that the ARes named, which 2.3.1 reports where none was asked. */
  readonly announced?: readonly AuthenticationMethod[] | undefined
  readonly authenticationValue?: string
  /** Whether the merchant is trusted now; absent if the requestor did not ask and nothing changed. */
  readonly trust?: TrustStatus | undefined
  /** The Erro with which a faulty CReq was answered, or that the SDK sent. */
  readonly erro?: Erro | JsonObject | undefined
  /** Only for a challenge in an app. */
  readonly app?: { readonly sdkTransID: string; readonly acsRenderingType: Rendering }
  /** Set for a decoupled authentication; `sdkTransID` if its AReq came from an app. */
  readonly decoupled?: { readonly sdkTransID?: string | undefined }
}

export function rreq(ids: TransactionIds, result: ChallengeResult): RReq {
  const elements = outcomeElements(result.outcome, ids.messageVersion)
  const since231 = ids.messageVersion === '2.3.1'
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
    ...methodUsed(ids.messageVersion, result, judged),
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

/**
 * authenticationMethod of an RReq: what was used. 2.3.1 requires it with Y and N, time-outs and cancellations included
 * (table A.1), and has a code for decoupled authentication; before, the cardholder's own answer names its method.
 */
function methodUsed(
  version: MessageVersion,
  { method, announced, decoupled }: ChallengeResult,
  judged: boolean,
): Pick<RReq, 'authenticationMethod'> {
  const used = method?.authenticationMethod
  if (version !== '2.3.1') return used && (judged || !decoupled) ? { authenticationMethod: used } : {}
  if (decoupled) return { authenticationMethod: ['12'] }
  if (used) return { authenticationMethod: [used] }
  return judged && announced ? { authenticationMethod: announced } : {}
}

/** Final CRes of the browser channel, EMV 3DS table B.5. */
export interface CRes {
  readonly messageType: 'CRes'
  readonly messageVersion: MessageVersion
  readonly threeDSServerTransID: string
  readonly acsTransID: string
  readonly challengeCompletionInd?: 'Y'
  readonly transStatus: 'Y' | 'N'
}

/**
 * Builds the final CRes of the browser channel. The tables have challengeCompletionInd only for the app channel, yet
 * browser clients of 2.1.0 and 2.2.0 in the field expect it; 2.3.1 does not send it.
 */
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
