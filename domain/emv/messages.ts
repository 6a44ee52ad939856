import { type Ending, type OutcomeElements, outcomeOf, transStatusForCRes } from './outcome.ts'
import type { MessageVersion } from './version.ts'

/** The ids that tie the messages of one transaction together. */
export interface TransactionIds {
  readonly messageVersion: MessageVersion
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly acsTransID: string
}

/** ARes, EMV 3DS table B.2, browser channel. */
export interface ARes extends TransactionIds {
  readonly messageType: 'ARes'
  readonly dsReferenceNumber: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
  readonly transStatus: OutcomeElements['transStatus']
  readonly transStatusReason?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly acsChallengeMandated?: 'Y' | 'N'
  /** 02 dynamic: a code. */
  readonly authenticationType?: '02'
  readonly acsURL?: string
  /** At most 128 characters, shown to the cardholder by the 3DS Requestor. */
  readonly cardholderInfo?: string
}

export interface Parties {
  readonly dsReferenceNumber: string
  readonly acsReferenceNumber: string
  readonly acsOperatorID?: string
}

/** The ARes that settles a purchase without a challenge, in whatever way. */
export function settledARes(
  ids: TransactionIds,
  parties: Parties,
  ending: Ending,
  more: { readonly authenticationValue?: string; readonly cardholderInfo?: string },
): ARes {
  const { challengeCancel: _, ...outcome } = outcomeOf(ending, ids.messageVersion)
  return { messageType: 'ARes', ...ids, ...parties, ...outcome, ...more }
}

/** The ARes that sends the cardholder to the window (transStatus C). */
export function challengeARes(
  ids: TransactionIds,
  parties: Parties,
  challenge: { readonly acsURL: string; readonly acsChallengeMandated: 'Y' | 'N' },
): ARes {
  return { messageType: 'ARes', ...ids, ...parties, transStatus: 'C', authenticationType: '02', ...challenge }
}

/** RReq, EMV 3DS table B.8: how a challenge ended. */
export interface RReq extends TransactionIds {
  readonly messageType: 'RReq'
  readonly messageCategory: string
  readonly transStatus: OutcomeElements['transStatus']
  readonly transStatusReason?: string
  readonly challengeCancel?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly authenticationType?: '02'
  readonly authenticationMethod?: AuthenticationMethod
  /** Two digits: what the cardholder submitted, cancelling included. */
  readonly interactionCounter: string
}

/** EMV 3DS authenticationMethod: 02 code by text message, 05 code by another way, here e-mail. */
export type AuthenticationMethod = '02' | '05'

export interface ChallengeResult {
  readonly ending: Ending
  readonly messageCategory: string
  readonly interactions: number
  /** By which way the codes went; absent when none was sent. */
  readonly method?: AuthenticationMethod
  readonly authenticationValue?: string
}

export function rreq(ids: TransactionIds, result: ChallengeResult): RReq {
  const outcome = outcomeOf(result.ending, ids.messageVersion)
  const judged = outcome.transStatus === 'Y' || outcome.transStatus === 'N'
  return {
    messageType: 'RReq',
    ...ids,
    messageCategory: result.messageCategory,
    ...outcome,
    ...(result.authenticationValue && { authenticationValue: result.authenticationValue }),
    ...(judged && { authenticationType: '02' as const }),
    ...(result.method && { authenticationMethod: result.method }),
    interactionCounter: String(Math.min(result.interactions, 99)).padStart(2, '0'),
  }
}

/** Final CRes of the browser channel, EMV 3DS table B.4. */
export interface CRes {
  readonly messageType: 'CRes'
  readonly messageVersion: MessageVersion
  readonly threeDSServerTransID: string
  readonly acsTransID: string
  readonly challengeCompletionInd: 'Y'
  readonly transStatus: 'Y' | 'N'
}

/** challengeCompletionInd belongs to the app channel by the tables, yet 2.1.0 and 2.2.0 browser clients in the field expect it. */
export function cres(ids: Omit<TransactionIds, 'dsTransID'>, ending: Ending): CRes {
  return {
    messageType: 'CRes',
    messageVersion: ids.messageVersion,
    threeDSServerTransID: ids.threeDSServerTransID,
    acsTransID: ids.acsTransID,
    challengeCompletionInd: 'Y',
    transStatus: transStatusForCRes(ending),
  }
}
