import { transaction } from '#db/client.ts'
import { purgePairingCodes } from '#db/queries/approval-devices.ts'
import { purgeConfirmations } from '#db/queries/confirmations.ts'
import { purgeDrafts } from '#db/queries/drafts.ts'
import { purgeEnrolments } from '#db/queries/enrolments.ts'
import { purgePasskeyChallenges } from '#db/queries/passkeys.ts'
import { purgeFailures, purgeTallies } from '#db/queries/tallies.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { now } from '../platform/clock.ts'

/** Longest window of a limit, twice. Milliseconds. */
const tallyTime = 48 * 60 * 60 * 1000

/** Removes what was under way in some browser and is over: typed text, codes, enrolments, challenges, counts. */
export async function purgeVisits(): Promise<void> {
  const at = new Date(now())
  await transaction(async tx => {
    await purgeDrafts(tx, at)
    await purgeConfirmations(tx, at)
    await purgeEnrolments(tx, at)
    await purgePairingCodes(tx, at)
    await purgePasskeyChallenges(tx, at)
    await purgeTallies(tx, new Date(at.getTime() - tallyTime))
    await purgeFailures(tx, new Date(at.getTime() - accountPolicy.wrongCodes.keptFor))
  })
}
