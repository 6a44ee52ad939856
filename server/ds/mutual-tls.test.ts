import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codePolicy } from '#domain/code/policy.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { cancelChallenge, submitAnswer } from '../challenge/submit.ts'
import { cards } from '../testing/cards.ts'
import type { CertificateAuthority } from '../testing/certificates.ts'
import { type Answered, belowLimit, type Deployment, otherThan } from '../testing/deployment.ts'
import { DirectoryServerDouble, receipt } from '../testing/directory-server.ts'
import { everyFlow, type Flow } from '../testing/flows.ts'
import { type MutualTls, startMutualTls } from '../testing/mutual-tls.ts'

// Complete authentications, with every message between directory server and ACS over mutual TLS: AReqs to the `ds`
// role, and RReqs with our certificate to a server that requires it.

let tls: MutualTls
let at: Deployment
let clients: CertificateAuthority
let servers: CertificateAuthority
let double: DirectoryServerDouble

beforeAll(async () => {
  tls = await startMutualTls()
  ;({ at, clients, servers, double } = tls)
})
afterAll(() => tls.stop())
beforeEach(() => at.advance(4000))
afterEach(() => {
  double.react = receipt()
})

function areq(version: MessageVersion, overrides: Overrides = {}): Promise<Answered> {
  return tls.send(at.message(overrides, version))
}

/** A challenge whose window is open, with its code in the mailbox. */
async function window(version: MessageVersion) {
  const opened = await tls.window(version)
  await at.deliver()
  return { ...opened, code: at.mailbox.code }
}

const delivered = (acsTransID: string) => tls.delivered(acsTransID)
const received = (acsTransID: string) => tls.received(acsTransID)

const cancelInd = (code: string) => ({ challengeCancel: code })
const flows: readonly Flow[] = [
  {
    what: 'low risk',
    run: version => areq(version, { purchaseAmount: belowLimit }),
    result: { transStatus: 'Y', eci: '05' },
  },
  {
    what: 'a stolen card',
    run: version => areq(version, { acctNumber: cards.stolen }),
    result: { transStatus: 'R', transStatusReason: '10' },
  },
  {
    what: 'an expired card',
    run: version => areq(version, { acctNumber: cards.expired }),
    result: { transStatus: 'N', transStatusReason: '05' },
  },
  {
    what: 'a card without contacts',
    run: version => areq(version, { acctNumber: cards.yui }),
    result: { transStatus: 'N', transStatusReason: '13' },
  },
  {
    what: 'the right code',
    run: async version => {
      const { windowKey, code, acsTransID } = await window(version)
      await submitAnswer(windowKey, code)
      return acsTransID
    },
    result: { transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) },
  },
  {
    what: 'the right code after a wrong one',
    run: async version => {
      const { windowKey, code, acsTransID } = await window(version)
      await submitAnswer(windowKey, otherThan(code))
      await submitAnswer(windowKey, code)
      return acsTransID
    },
    result: { transStatus: 'Y', eci: '05', interactionCounter: '02' },
  },
  {
    what: 'only wrong codes',
    run: async version => {
      const { windowKey, code, acsTransID } = await window(version)
      for (let tries = 0; tries < codePolicy.challenge.attempts; tries++) await submitAnswer(windowKey, otherThan(code))
      return acsTransID
    },
    result: { transStatus: 'N', transStatusReason: '19', interactionCounter: '05' },
  },
  {
    what: 'a cardholder who cancels',
    run: async version => {
      const { windowKey, acsTransID } = await window(version)
      await cancelChallenge(windowKey)
      return acsTransID
    },
    result: { transStatus: 'N', ...cancelInd('01') },
  },
  {
    what: 'a window that is never opened',
    run: async version => {
      const { acsTransID = '' } = await areq(version)
      at.advance(31)
      return acsTransID
    },
    result: { transStatus: 'N', transStatusReason: '14', ...cancelInd('05') },
  },
  {
    what: 'an abandoned window',
    run: async version => {
      const { acsTransID } = await window(version)
      at.advance(601)
      return acsTransID
    },
    result: { transStatus: 'N', transStatusReason: '14', ...cancelInd('04') },
  },
  {
    what: 'a second, different CReq',
    run: async version => {
      const { ares, acsTransID } = await window(version)
      await at.creq(ares, { challengeWindowSize: '05' })
      return acsTransID
    },
    result: { transStatus: 'U' },
  },
  {
    what: 'a card that is reported stolen while the window is open',
    run: async version => {
      const { windowKey, code, acsTransID } = await window(version)
      const card = at.sql`select card_id from challenges where acs_trans_id = ${acsTransID}`
      await at.sql`update cards set status = 'stolen' where id = (${card})`
      await submitAnswer(windowKey, code)
      await at.sql`update cards set status = 'active' where id = (${card})`
      return acsTransID
    },
    result: { transStatus: 'R', transStatusReason: '10' },
  },
  {
    what: 'a mail server that accepts nothing',
    run: async version => {
      await at.mailbox.down()
      const ares = await areq(version, { acctNumber: cards.alex })
      await at.creq(ares)
      await at.deliver()
      at.advance(61)
      await at.deliver()
      await at.mailbox.up()
      return ares.acsTransID ?? ''
    },
    result: { transStatus: 'U' },
  },
]

everyFlow(() => tls, '02', flows)

describe('a result', () => {
  test('[Req 63, 65, 125, 127, 184] is not sent to a server that only has the address: its certificate must be from the expected authority', async () => {
    const impostor = new DirectoryServerDouble({ ...clients.sign('ds'), ca: clients.cert })
    await impostor.start()
    const { windowKey, acsTransID } = await window('2.2.0')
    await at.sql`update challenges set ds_url = ${impostor.url} where acs_trans_id = ${acsTransID}`
    at.changeIssuer(issuer => {
      const [one, two] = issuer.directoryServers
      return { ...issuer, directoryServers: [{ ...one, hosts: [double.host, impostor.host] }, two] }
    })
    at.configure({})
    await cancelChallenge(windowKey)
    await impostor.stop()
    expect([impostor.rreqs.length, await delivered(acsTransID)]).toEqual([0, false])
    await at.sql`update challenges set ds_url = ${double.url} where acs_trans_id = ${acsTransID}`
    at.advance(20)
    await at.runWorkerUntil(() => delivered(acsTransID))
  })

  test('is not accepted by the directory server from a caller without our certificate', async () => {
    const { request } = await import('node:https')
    const answer = new Promise((resolve, reject) => {
      request(double.url, { method: 'POST', ca: servers.cert, agent: false }, resolve).on('error', reject).end('{}')
    })
    await expect(answer).rejects.toThrow(/alert|reset|hang up/)
  })
})

describe('a failed TLS handshake for a result', () => {
  const handshakes = async (refused: number) => {
    const { windowKey, code, acsTransID } = await window('2.3.1')
    double.connections = 0
    double.refuses = refused
    await submitAnswer(windowKey, code)
    double.refuses = 0
    return acsTransID
  }

  test('[Req 240] is retried at once, so that the result stays', async () => {
    const acsTransID = await handshakes(1)
    expect(double.connections).toBe(2)
    expect(received(acsTransID)).toMatchObject({ times: 1, result: { transStatus: 'Y' } })
    expect(await delivered(acsTransID)).toBe(true)
  })

  test('[Req 240] a second time makes the result U, which is delivered after ten seconds', async () => {
    const acsTransID = await handshakes(2)
    expect([double.connections, received(acsTransID).times]).toEqual([2, 0])
    at.advance(10)
    await at.runWorkerUntil(() => delivered(acsTransID))
    expect(double.connections).toBe(3)
    expect(received(acsTransID)).toMatchObject({ times: 1, result: { transStatus: 'U', transStatusReason: '22' } })
  })
})

describe('a crash', () => {
  test('after the ARes: an unopened window is ended when the worker runs again, with one result', async () => {
    const { acsTransID = '' } = await areq('2.2.0')
    at.advance(3600)
    await at.runWorkerUntil(() => delivered(acsTransID))
    expect(received(acsTransID)).toMatchObject({ contents: 1, result: { challengeCancel: '05' } })
  })

  test('between the end and its result: the result is saved, and is sent', async () => {
    const { windowKey, code, acsTransID } = await window('2.2.0')
    // The process died before it could send anything, as if another process held the row.
    double.react = (_rreq, response) => response.socket?.destroy()
    await submitAnswer(windowKey, code)
    double.rreqs.length = 0
    await at.sql`update outbox set tries = 0, failed_at = null, leased_until = null, next_at = created_at where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID}) and kind = 'rreq'`
    double.react = receipt()
    at.advance(5)
    await at.runWorkerUntil(() => delivered(acsTransID))
    expect(received(acsTransID)).toMatchObject({ contents: 1, result: { transStatus: 'Y' } })
  })

  test('after the directory server received the result, before we knew: it gets the same bytes again', async () => {
    const { windowKey, code, acsTransID } = await window('2.2.0')
    await submitAnswer(windowKey, code)
    await at.sql`update outbox set handed_over_at = null, leased_until = null, next_at = created_at where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID}) and kind = 'rreq'`
    at.advance(60)
    await at.runWorkerUntil(() => delivered(acsTransID))
    expect(double.rreqs.filter(({ message }) => message.acsTransID === acsTransID).length).toBe(2)
    expect(received(acsTransID).contents).toBe(1)
  })
})
