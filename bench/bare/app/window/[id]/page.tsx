import { findPurchase } from '../../../server/purchases.ts'
import { submitCode } from './actions.ts'

/** The window: it asks for a code, and leads back to the merchant when it has one. */
export default async function Window({ params }: { readonly params: Promise<{ id: string }> }) {
  const { id } = await params
  const purchase = await findPurchase(id)
  if (!purchase) return <p>No purchase</p>
  const { merchant, amount, code } = purchase
  if (code !== null) {
    return (
      <form method="post" action="http://localhost/notification">
        <input type="hidden" name="cres" value={id} />
        <button type="submit">Continue</button>
      </form>
    )
  }
  return (
    <main>
      <h1>{merchant}</h1>
      <p>{amount}</p>
      <form action={submitCode}>
        <input type="hidden" name="id" value={id} />
        <label>
          Code <input name="code" inputMode="numeric" autoComplete="one-time-code" />
        </label>
        <button type="submit">Confirm</button>
      </form>
    </main>
  )
}
