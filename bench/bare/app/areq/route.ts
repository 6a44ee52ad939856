import { insertPurchase } from '../../server/purchases.ts'

/** In place of an AReq: a purchase that needs the cardholder. */
export async function POST(request: Request): Promise<Response> {
  const { merchantName, purchaseAmount } = await request.json()
  return Response.json({ transStatus: 'C', id: await insertPurchase(merchantName, Number(purchaseAmount)) })
}
