import { afterAll, beforeAll, expect, test } from 'vitest'
import { config } from '../platform/config.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { answerDirectoryServer } from './answer-directory-server.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const send = async (message: object) => {
  const [, second] = config().issuer.directoryServers
  if (!second) throw new Error('no second directory server')
  return answerDirectoryServer(Buffer.from(JSON.stringify(message)), second)
}
const logged = (event: string) => at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg === event)

test('logs and counts an Erro that answers a directory server, with its code', async () => {
  const message = at.message({ purchaseAmount: 'much' })
  for (const areq of [message, message, { ...message, messageType: 'CReq' }]) await send(areq)
  expect(logged('erro.sent')).toMatchObject([
    { level: 40, directoryServer: 'second', errorCode: '203', count: 1 },
    { directoryServer: 'second', errorCode: '203', count: 2 },
    { directoryServer: 'second', errorCode: '101', count: 1 },
  ])
})

test('[Req 216] logs an Erro from a directory server with its code and transaction, and without its text', async () => {
  const acsTransID = crypto.randomUUID()
  const erro = { messageType: 'Erro', messageVersion: '2.2.0', errorCode: '402', errorComponent: 'D', acsTransID }
  expect(await send({ ...erro, errorDescription: 'a secret', errorDetail: 'a secret' })).toBeUndefined()
  expect(await send({ messageType: 'Erro', errorCode: 'a secret', acsTransID: 'a secret' })).toBeUndefined()
  expect(logged('erro.received')).toMatchObject([
    { level: 50, directoryServer: 'second', errorCode: '402', count: 1, acsTransID },
    { directoryServer: 'second', errorCode: 'unreadable', count: 1 },
  ])
  expect(at.log.join('')).not.toContain('a secret')
})

test('[Req 221] an Erro about a challenge that no CReq has opened ends it, and no RReq is sent for it', async () => {
  const abandon = (acsTransID = '', from = 0) => {
    const directoryServer = config().issuer.directoryServers[from]
    if (!directoryServer) throw new Error(`no directory server ${from}`)
    const erro = { messageType: 'Erro', messageVersion: '2.2.0', errorCode: '402', errorComponent: 'D', acsTransID }
    return answerDirectoryServer(Buffer.from(JSON.stringify(erro)), directoryServer)
  }
  const ares = await at.areq()
  await abandon(ares.acsTransID, 1)
  expect(await at.challenge(ares.acsTransID ?? '')).toMatchObject({ state: 'awaiting-creq' })
  await abandon(ares.acsTransID)
  await abandon(ares.acsTransID)
  expect(await at.challenge(ares.acsTransID ?? '')).toMatchObject({ state: 'ended', outcome: 'window-not-opened' })
  expect(await at.creq(ares)).toMatchObject({ kind: 'refused', forMerchant: { erro: { errorCode: '402' } } })
  at.advance(3600)
  await at.deliver()
  expect(await at.outbox(ares.acsTransID ?? '', 'rreq')).toEqual([])
})

test('an Erro about an open window changes nothing', async () => {
  const { acsTransID } = await at.window()
  const [first] = config().issuer.directoryServers
  if (!first) throw new Error('no directory server')
  await answerDirectoryServer(Buffer.from(JSON.stringify({ messageType: 'Erro', errorCode: '402', acsTransID })), first)
  expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
})
