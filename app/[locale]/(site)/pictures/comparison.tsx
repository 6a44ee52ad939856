import type { Language } from '#domain/kernel/language.ts'
import { type Say, sayOf } from '../said.tsx'
import { example, exampleAmount } from './example.ts'

const compared = ['merchant', 'amount', 'card'] as const

/** The window and the message side by side, with the three values that must match. */
export async function Comparison({ language, say }: { language: Language; say: Say }) {
  const picture = await sayOf(language, 'picture')
  const values = {
    merchant: picture('shopName'),
    amount: exampleAmount(language),
    card: example.lastFour,
  }
  return (
    <figure className="comparison">
      {(['screen', 'message'] as const).map(side => (
        <div key={side} className="card">
          <p className="mb-2 font-bold">{say(`window.${side}`)}</p>
          <dl>
            {compared.map(name => (
              <div key={name}>
                <dt>{say(`window.${name}`)}</dt>
                <dd>{values[name]}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <p aria-hidden="true" className="equals">
        =
      </p>
    </figure>
  )
}
