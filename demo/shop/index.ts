import type { Faults } from '../faults.ts'
import { listenOnLoopback, makeServer } from '../http-server.ts'
import { DemoClock } from '../inbox/clock.ts'
import { DirectoryServer } from './directory-server.ts'
import { openShop } from './merchant.ts'
import { Method } from './method.ts'
import { Orders } from './orders.ts'
import { ThreeDSServer } from './three-ds-server.ts'

export interface ShopOptions {
  port: number
  /** The shop's origin for browsers, such as http://localhost:3001. */
  origin: string
  /** The port at which the directory server takes results. */
  rreqPort: number
  /** The product's address for directory servers, such as http://localhost:3080. */
  dsServer: string
  /** dsReferenceNumber of the directory server. */
  dsReference: string
  /**
   * The product's 3DS Method, such as http://localhost:3000/acs/method; a directory server publishes it with the card
   * ranges.
   */
  methodURL: string
  inboxOrigin: string
  faults: Faults
  dataDir: string
}

/** Starts a merchant with its 3DS Server, and the directory server between them and the product. */
export async function startShop(options: ShopOptions): Promise<{ close(): Promise<void> }> {
  const { port, rreqPort, dsServer, inboxOrigin, faults } = options
  const areqURL = `${dsServer.replace(/\/$/, '')}/acs/areq`
  const { origin } = new URL(options.origin)
  const orders = new Orders(options.dataDir)
  const directoryServer = new DirectoryServer({
    areqURL,
    rreqPort,
    referenceNumber: options.dsReference,
    faults,
    orders,
  })
  const clock = new DemoClock(options.dataDir)
  const threeDSServer = new ThreeDSServer({ origin, orders, directoryServer, now: () => clock.now() })
  const method = new Method({ origin, methodURL: options.methodURL })
  const app = makeServer(256 * 1024)
  const acsOrigin = new URL(options.methodURL).origin
  openShop(app, { origin, acsOrigin, areqURL, inboxOrigin, orders, threeDSServer, method })
  method.open(app)
  directoryServer.open(app)
  const shop = await listenOnLoopback(app, port)
  const results = await directoryServer.listen(app.server)
  return {
    async close() {
      await results.close()
      await shop.close()
    },
  }
}
