import { registrationOffer } from '../registration/offer.ts'
import type { ServerMethod } from './method.ts'

/** Its steps are use cases of their own (server/registration/register.ts). Apps have no screen for it. */
export const registration: ServerMethod = {
  async ready(tx, row, { owner }, at) {
    return (await registrationOffer(tx, row, owner.cardholderId, at)) === 'offered'
  },
  async begin() {
    return {}
  },
}
