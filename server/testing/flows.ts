import { describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import type { MessageCategory } from '#domain/emv/field.ts'
import { reportOn } from '#domain/emv/report.ts'
import { type MessageVersion, versions, within } from '#domain/emv/version.ts'
import type { Answered } from './deployment.ts'
import type { MutualTls } from './mutual-tls.ts'

export interface Flow {
  readonly what: string
  readonly since?: MessageVersion
  /** 02: a non-payment. */
  readonly category?: '02'
  /**
   * Runs the flow to its end. Returns the acsTransID of a challenge, or the ARes of a request that is concluded with
   * it.
   */
  readonly run: (version: MessageVersion) => Promise<string | Answered>
  readonly result: Readonly<Record<string, unknown>>
  /** Elements of the result that differ between versions. */
  readonly inWordsOf?: (version: MessageVersion) => Readonly<Record<string, unknown>>
}

/**
 * Tests that each flow ends as expected in each version: with one result, sent with our certificate, if there was a
 * challenge, and with none otherwise. No message has an element that its version does not.
 */
export function everyFlow(tls: () => MutualTls, channel: '01' | '02' | '03', flows: readonly Flow[]) {
  const flowsOf = (version: MessageVersion) => flows.filter(({ since }) => within(version, since))
  describe.each(versions.filter(version => flowsOf(version).length > 0))('in %s', version => {
    const ofAll: MessageCategory = version === '2.1.0' && channel === '03' ? '02' : '01'
    const named = flowsOf(version).map(flow => [flow.what, String(flow.result.transStatus), flow] as const)
    test.each(named)('%s: %s', async (_what, _transStatus, { run, result, inWordsOf, category = ofAll }) => {
      const end = await run(version)
      const report = (message: object) => reportOn(JSON.stringify(message), { channel, category })
      const sound = { findings: [], ignored: [] }
      const expected = { messageVersion: version, ...result, ...inWordsOf?.(version) }
      if (typeof end !== 'string') {
        expect(end).toMatchObject({ messageType: 'ARes', ...expected })
        expect(report(end)).toMatchObject(sound)
        expect(tls().received(end.acsTransID ?? '').contents).toBe(0)
        return
      }
      const { at, delivered } = tls()
      const over = async () => (await at.outbox(end, 'rreq')).length > 0
      // The worker ends what times out. A result that no window waited for is sent later; one that was sent is not sent
      // again.
      if (!(await over())) await at.runWorkerUntil(over)
      at.advance(policy.resultHeadStart / 1000)
      await at.deliver()
      expect(await delivered(end)).toBe(true)
      const received = tls().received(end)
      expect(received).toMatchObject({
        ...{ contents: 1, times: 1, from: ['acs'] },
        result: { messageType: 'RReq', acsTransID: end, ...expected },
      })
      expect(report(received.result)).toMatchObject(sound)
    })
  })
}
