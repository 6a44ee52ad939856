import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { check } from '#domain/emv/check.ts'
import { rreqTable } from '#domain/emv/sent.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { cards } from '../../testing/cards.ts'
import { CertificateAuthority } from '../../testing/certificates.ts'
import { type Deployment, otherThan, startDeployment } from '../../testing/deployment.ts'
import { type Device, Phone } from '../../testing/phone.ts'
import { SmsGatewayDouble } from '../../testing/sms-gateway.ts'

let at: Deployment
let authority: CertificateAuthority
const gateway = new SmsGatewayDouble()

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  authority = new CertificateAuthority(at.folder, 'payment-system')
  const { certFile, keyFile } = authority.sign('acs')
  const issuer = JSON.parse(readFileSync(at.setting('ISSUER_FILE'), 'utf8'))
  issuer.directoryServers[0].appSigning = { certificatesFile: certFile, keyFile }
  issuer.challengeAboveAtTrustedMerchant = { '392': '30000' }
  writeFileSync(join(at.folder, 'issuer-with-apps.json'), JSON.stringify(issuer))
  at.configure({ ISSUER_FILE: join(at.folder, 'issuer-with-apps.json') })
  const line = { cardNumber: cards.unknown, expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  await at.importList([{ ...line, cardholderId: 'mobile-only', mobile: '+81 70-1000-0001' }])
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
beforeEach(() => at.advance(3601))

/** A purchase in an app, up to its first screen; each has another merchant. */
async function asked(acctNumber: string, version: MessageVersion, device: Device = {}) {
  const phone = new Phone(device)
  const merchant = { acctNumber, acquirerMerchantID: crypto.randomUUID().slice(0, 30) }
  await at.deliver()
  const buy = () => at.areq({ ...phone.overrides(version), ...merchant }, version)
  const ares = await buy()
  await phone.accept({ ...ares }, authority.cert)
  const send = (answer: Overrides) => phone.send(answer)
  const screen = await send({})
  await at.deliver()
  const again = async () => (await buy()).transStatus
  return { screen, send, id: ares.acsTransID ?? '', code: gateway.code, again }
}

test.each([
  ['2.2.0', 'whitelisting', 'whiteListStatus'],
  ['2.3.1', 'trustList', 'trustListStatus'],
] as const)('the SDK’s own checkbox, by its name in %s, trusts the merchant once the code is right', async (...row) => {
  const [version, box, status] = row
  const { screen, send, id, code, again } = await asked(cards.unknown, version)
  expect(screen).toMatchObject({ [`${box}InfoText`]: expect.stringContaining('30,000円') })
  const wrong = await send({ challengeDataEntry: otherThan(code), [`${box}DataEntry`]: 'Y' })
  expect(wrong).toHaveProperty(`${box}InfoText`)
  expect(await again()).toBe('C')
  await send({ challengeDataEntry: code, [`${box}DataEntry`]: 'Y' })
  const [rreq = {}] = at.directoryServer.rreqsOf(id)
  expect(rreq).toMatchObject({ transStatus: 'Y', [status]: 'Y', [`${status}Source`]: '03' })
  expect(check(rreqTable, { ...rreq }, { version })).toEqual([])
  expect(await again()).toBe('Y')
})

test.each(['2.1.0', '2.2.0', '2.3.1'] as const)('a page of %s has its own checkbox', async version => {
  const device = { sdkInterface: '02', sdkUiType: ['05'] } as const
  const { screen, send, code, again } = await asked(cards.unknown, version, { ...device, sdkUiType: ['05'] })
  const html = Buffer.from(String(screen.acsHTML), 'base64url').toString('utf8')
  expect(html).toContain('<input type="checkbox" id="trust" name="trust" value="yes">')
  const wrong = await send({ challengeHTMLDataEntry: `do=code&code=${otherThan(code)}&trust=yes` })
  expect(Buffer.from(String(wrong.acsHTML), 'base64url').toString('utf8')).toContain('value="yes" checked>')
  await send({ challengeHTMLDataEntry: `do=code&code=${code}&trust=yes` })
  expect(await again()).toBe('Y')
})

test('with both an e-mail and a text message, the checkbox refers to the code of the text message, which alone trusts the merchant', async () => {
  const byEmail = await asked(cards.hanako, '2.2.0')
  expect(byEmail.screen).toMatchObject({ whitelistingInfoText: expect.stringMatching(/SMS.*30,000円/) })
  await byEmail.send({ challengeDataEntry: at.mailbox.code, whitelistingDataEntry: 'Y' })
  expect(await byEmail.again()).toBe('C')
  const byText = await asked(cards.hanako, '2.2.0')
  await byText.send({ challengeDataEntry: byText.code, whitelistingDataEntry: 'Y' })
  expect(await byText.again()).toBe('Y')
})

test('the native screens of 2.1.0 have no checkbox', async () => {
  expect((await asked(cards.unknown, '2.1.0')).screen).not.toHaveProperty('whitelistingInfoText')
})
