import { randomUUID } from 'node:crypto'
import type { JsonObject } from '#domain/emv/field.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { Actor } from '../account/actor.ts'
import { startDs } from '../ds/server.ts'
import { now } from '../platform/clock.ts'
import { CertificateAuthority } from './certificates.ts'
import { type Answered, type OpenWindow, startDeployment } from './deployment.ts'
import { DirectoryServerDouble } from './directory-server.ts'
import { callDs, keptConnection } from './ds-client.ts'
import { freePort } from './free-port.ts'
import { type Device, Phone } from './phone.ts'

/**
 * Starts a deployment with mutual TLS to and from a directory server: AReqs to the `ds` role, and RReqs with our
 * certificate to a server that requires it. `more`: additional settings; `issuerHas`: additional members of the
 * issuer's file.
 */
export async function startMutualTls(more: Readonly<Record<string, string>> = {}, issuerHas: object = {}) {
  const at = await startDeployment(more)
  const clients = new CertificateAuthority(at.folder, 'clients')
  const servers = new CertificateAuthority(at.folder, 'servers')
  /** Signs for apps. */
  const payments = new CertificateAuthority(at.folder, 'payment-system')
  const acs = clients.sign('acs')
  const first = clients.sign('first.ds.example')
  const signer = payments.sign('acs')
  const double = new DirectoryServerDouble({ ...servers.sign('ds'), ca: clients.cert })
  await double.start()
  const port = await freePort()
  at.changeIssuer(issuer => {
    const [one, two] = issuer.directoryServers
    const appSigning = { certificatesFile: signer.certFile, keyFile: signer.keyFile }
    return { ...issuer, ...issuerHas, directoryServers: [{ ...one, hosts: [double.host], appSigning }, two] }
  })
  at.configure({
    DS_PORT: String(port),
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: clients.certFile,
    DS_TLS_CRL_FILE: clients.list(),
    DS_TLS_SERVER_CA_FILE: servers.certFile,
  })
  const front = await startDs()
  const agent = keptConnection(clients.cert, first)
  return {
    ...{ at, clients, servers, payments, first, double, port, agent },

    /** Sends bytes as the first directory server, and returns the answer. */
    async post(body: string): Promise<string> {
      return (await callDs(port, clients.cert, { certificate: first, agent, body })).body
    },

    async send(message: JsonObject): Promise<Answered> {
      return JSON.parse(await this.post(JSON.stringify({ ...message, dsURL: double.url })))
    },

    /** Makes a purchase in a browser up to the open window; its first code is not sent yet. */
    async window(version: MessageVersion, overrides: Overrides = {}): Promise<OpenWindow> {
      const ares = await this.send(at.message(overrides, version))
      const opened = await at.creq(ares)
      if (opened.kind !== 'window') throw new Error(`no window: ${JSON.stringify([ares, opened])}`)
      return { ares, acsTransID: ares.acsTransID ?? '', windowKey: opened.windowKey }
    },

    /** Makes a purchase in an app up to the ARes. */
    inApp(phone: Phone, version: MessageVersion, overrides: Overrides = {}): Promise<Answered> {
      return this.send(at.message({ ...phone.overrides(version), ...overrides }, version))
    },

    /** The same, with a challenge in the ARes, so that the SDK has its key. */
    async challengedInApp(version: MessageVersion, device: Device = {}, overrides: Overrides = {}) {
      const sdk = new Phone(device)
      const ares = await this.inApp(sdk, version, overrides)
      await sdk.accept({ ...ares }, payments.cert)
      return { sdk, ares, id: ares.acsTransID ?? '' }
    },

    /**
     * Gives a cardholder an account. Returns a function that makes an actor with strong authentication shown just now.
     */
    async enrol(ref: string): Promise<() => Actor> {
      const [owner] = await at.sql`select id, language from cardholders where issuer_ref = ${ref}`
      await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
        values (${owner?.id}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
      const sessionId = randomUUID()
      return () => ({ cardholderId: owner?.id, sessionId, language: owner?.language, strongAt: now() })
    },

    async delivered(acsTransID: string): Promise<boolean> {
      const rows = await at.outbox(acsTransID, 'rreq')
      return rows.length > 0 && rows.every(({ handed_over_at }) => handed_over_at !== null)
    },

    /**
     * What the directory server has received for a transaction: the number of different contents, how often they came,
     * and from whom.
     */
    received(acsTransID: string) {
      const rreqs = double.rreqs.filter(({ message }) => message.acsTransID === acsTransID)
      return {
        contents: new Set(rreqs.map(({ body }) => body)).size,
        times: rreqs.length,
        from: [...new Set(rreqs.map(({ from }) => from))],
        result: rreqs[0]?.message ?? {},
      }
    },

    async stop(): Promise<void> {
      agent.destroy()
      await front.stop()
      await double.stop()
      await at.stop()
    },
  }
}

export type MutualTls = Awaited<ReturnType<typeof startMutualTls>>
