import { purgeAlerts } from '#db/queries/alerts.ts'
import { eraseAppSecrets } from '#db/queries/app-channels.ts'
import { purgePairingCodes } from '#db/queries/approval-devices.ts'
import { purgeAuditEvents } from '#db/queries/audit.ts'
import { purgeTransactionIds } from '#db/queries/authentications.ts'
import { purgeConfirmations } from '#db/queries/confirmations.ts'
import { purgeCardBrowsers, purgeMethodResults } from '#db/queries/devices.ts'
import { purgeDrafts } from '#db/queries/drafts.ts'
import { purgeEnrolments } from '#db/queries/enrolments.ts'
import { purgeAuthentications, purgeMessages, purgePartsOfChallenges } from '#db/queries/old-payments.ts'
import { purgeOperationSequences } from '#db/queries/operation-sequences.ts'
import { purgePasskeyChallenges } from '#db/queries/passkeys.ts'
import { purgeRiskEvents, purgeRiskRows } from '#db/queries/risk-history.ts'
import { purgeFailures, purgeTallies } from '#db/queries/tallies.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { firstIdAt, monthOf } from '#domain/kernel/first-id.ts'
import { historyKeptFor } from '#domain/risk/history/policy.ts'
import { dropPartitions } from './partitions.ts'
import { now } from './platform/clock.ts'
import { config } from './platform/config.ts'
import { log } from './platform/log.ts'

/** Interval between two removals, milliseconds. */
const every = 60 * 60 * 1000
/** Twice the longest window of a rate limit, milliseconds. */
const tallyTime = 48 * 60 * 60 * 1000
/** Twice as long as a directory server repeats an OReq, milliseconds. */
const operationTime = 48 * 60 * 60 * 1000
const day = 24 * 60 * 60 * 1000

/**
 * Removes data past its retention period. Most rounds do nothing; once an hour, removal takes as many rounds as it
 * needs. Each round deletes up to `most` rows of each kind, so that no statement runs long. Always returns false, even
 * when more is left, so that other queries get the database in the pause between two rounds.
 */
export function retention(most: number): () => Promise<false> {
  let begunAt = 0
  let underWay = false
  let count = 0
  return async () => {
    if (!underWay && now() - begunAt < every) return false
    if (!underWay) begunAt = now()
    underWay = true
    const removed = await removeSome(now(), most)
    count += removed.reduce((sum, each) => sum + each, 0)
    underWay = removed.some(each => each === most)
    if (underWay) return false
    if (count > 0) log.info('purged', { count })
    count = 0
    return false
  }
}

/** Removes up to `most` rows of each kind. Returns the number removed, by kind. */
async function removeSome(at: number, most: number): Promise<number[]> {
  return [
    // If an app never sends another request, its key is not needed for longer than its window could have lasted.
    await eraseAppSecrets(at - policy.windowTime, most),
    await purgeTransactionIds(firstIdAt(at - policy.transactionIdsKeptFor), most),
    await purgeMethodResults(at - policy.methodResultValidFor, most),
    await purgeCardBrowsers(at - policy.deviceKnownFor, most),
    // Unfinished processes in a browser, now expired.
    await purgeDrafts(at, most),
    await purgeConfirmations(at, most),
    await purgeEnrolments(at, most),
    await purgePairingCodes(at, most),
    await purgePasskeyChallenges(at, most),
    await purgeTallies(at - tallyTime, most),
    await purgeFailures(at - accountPolicy.wrongCodes.keptFor, most),
    await purgeOperationSequences(at - operationTime, most),
    await purgeAlerts(at - config().retentionDays * day, most),
    await purgeAuditEvents(most),
    await purgeRiskRows(at, most),
    await purgeRiskEvents(firstIdAt(at - historyKeptFor), most),
    ...(await removePayments(at, most)),
  ]
}

/**
 * Payments go by whole months: first what belongs to challenges, then the partitions, then rows that are in no dropped
 * partition, which are few.
 */
async function removePayments(at: number, most: number): Promise<number[]> {
  const before = firstIdAt(monthOf(at - config().retentionDays * day))
  const parts = await purgePartsOfChallenges(before, most)
  if (parts.includes(most)) return parts
  const dropped = await dropPartitions()
  if (dropped > 0) log.info('partitions.dropped', { count: dropped })
  return [...parts, await purgeAuthentications(before, most), await purgeMessages(before, most)]
}
