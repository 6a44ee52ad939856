import { findPurchase } from '../../server/purchases.ts'

/** In place of a CReq: leads the browser to the window. */
export async function POST(request: Request): Promise<Response> {
  const id = String((await request.formData()).get('id'))
  const location = (await findPurchase(id)) ? `/window/${id}` : '/'
  return new Response(null, { status: 303, headers: { location } })
}
