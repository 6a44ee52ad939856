import type { JsonObject } from '#domain/emv/field.ts'
import { startDs } from '../ds.ts'
import { CertificateAuthority } from './certificates.ts'
import { DirectoryServerDouble } from './directory-server.ts'
import { callDs, keptConnection } from './ds-client.ts'
import { freePort } from './free-port.ts'
import { type Answered, startInstallation } from './installation.ts'

/**
 * An installation between a directory server and us over mutual TLS: AReqs in by the `ds` door, RReqs out with our
 * certificate to a server that asks for it. `more`: settings of the installation's own.
 */
export async function startMutualTls(more: Readonly<Record<string, string>> = {}) {
  const at = await startInstallation(more)
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
    return { ...issuer, directoryServers: [{ ...one, hosts: [double.host], appSigning }, two] }
  })
  at.configure({
    DS_PORT: String(port),
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: clients.certFile,
    DS_TLS_CRL_FILE: clients.list(),
    DS_TLS_SERVER_CA_FILE: servers.certFile,
  })
  const door = await startDs()
  const agent = keptConnection(clients.cert, first)
  return {
    ...{ at, clients, servers, payments, first, double, port, agent },

    /** What the door answers to bytes of the first directory server. */
    async post(body: string): Promise<string> {
      return (await callDs(port, clients.cert, { certificate: first, agent, body })).body
    },

    async send(message: JsonObject): Promise<Answered> {
      return JSON.parse(await this.post(JSON.stringify({ ...message, dsURL: double.url })))
    },

    async delivered(acsTransID: string): Promise<boolean> {
      const rows = await at.outbox(acsTransID, 'rreq')
      return rows.length > 0 && rows.every(({ handed_over_at }) => handed_over_at !== null)
    },

    /** What the directory server has received for a transaction: each content once, and who brought it. */
    received(acsTransID: string) {
      const rreqs = double.rreqs.filter(({ message }) => message.acsTransID === acsTransID)
      return {
        contents: new Set(rreqs.map(({ body }) => body)).size,
        from: [...new Set(rreqs.map(({ from }) => from))],
        result: rreqs[0]?.message ?? {},
      }
    },

    async stop(): Promise<void> {
      agent.destroy()
      await door.stop()
      await double.stop()
      await at.stop()
    },
  }
}

export type MutualTls = Awaited<ReturnType<typeof startMutualTls>>
