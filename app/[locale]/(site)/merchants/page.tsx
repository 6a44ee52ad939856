import type { Metadata } from 'next'
import { config } from '#server/platform/config.ts'
import { demoMode } from '#server/platform/demo-mode.ts'
import { ExternalLink } from '../../shell/external-link.tsx'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, Points, Section, Table, WithContents } from '../parts.tsx'
import { type Say, sayOf } from '../said.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'merchants')
  return pageMetadata(language, '/merchants', { title: say('title'), description: say('description') })
}

// EMV 3DS 2.2.0, A.1: challengeWindowSize.
const sizes = [
  ['01', '250 × 400'],
  ['02', '390 × 400'],
  ['03', '500 × 600'],
  ['04', '600 × 400'],
  ['05', undefined],
] as const

/** The demo's cards (demo/cards.ndjson), with published test numbers. */
const testCards = [
  ['3782 822463 10005', 'hanako'],
  ['3714 496353 98431', 'alex'],
  ['3787 344936 71000', 'ken'],
  ['3700 000000 00002', 'yui'],
  ['3411 111111 11111', 'stolen'],
  ['3400 000000 00009', 'expired'],
] as const

/** Information for a merchant's developers. */
export default async function MerchantsPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'merchants')
  const shared = await sayOf(language, 'contents')
  const { publicOrigin } = config()
  const sections = ['window', 'reach', 'sizes', 'mark', 'cards'] as const
  const shown = sections.filter(id => id !== 'cards' || demoMode())
  return (
    <SitePage language={language} path="/merchants">
      <PageHead say={say} />
      <WithContents label={shared('label')} entries={shown.map(id => ({ id, name: say(`${id}.heading`) }))}>
        <Section id="window" heading={say('window.heading')}>
          <Points
            say={say}
            tell={[
              ['window.text'],
              ['window.cookies'],
              ['window.sandbox'],
              ['window.passkey', undefined, 'passkeys'],
              ['window.csp'],
            ]}
          />
        </Section>
        <Section id="reach" heading={say('reach.heading')}>
          <Points ordered say={say} tell={[['reach.areq'], ['reach.ares'], ['reach.within'], ['reach.cres']]} />
          <p>
            {say('reach.acsURL')}
            <code className="mt-1 block overflow-x-auto rounded-md bg-sheet px-4 py-3">{`${publicOrigin}/acs/challenge`}</code>
          </p>
          <ul className="flex flex-col gap-2">
            <li>
              <a href={`/${language}/merchants/check`} className="text-link">
                {say('reach.check')}
              </a>
            </li>
            <li>
              <a href="/protocol.md" hrefLang="en" className="text-link">
                {say('reach.protocol')}
              </a>
            </li>
            <li>
              <ExternalLink language={language} href="https://www.emvco.com/emv-technologies/3-d-secure/">
                {say('reach.spec')}
              </ExternalLink>
            </li>
          </ul>
        </Section>
        <Section id="sizes" heading={say('sizes.heading')}>
          <p className="prose">{say('sizes.text')}</p>
          <Table
            caption={say('sizes.heading')}
            columns={[say('sizes.code'), say('sizes.size')]}
            rows={sizes.map(([code, size]) => [code, size ?? say('sizes.full')])}
          />
        </Section>
        <Section id="mark" heading={say('mark.heading')}>
          <p className="prose">{say('mark.text')}</p>
          <Marks say={say} />
        </Section>
        {demoMode() && (
          <Section id="cards" heading={say('cards.heading')}>
            <p className="prose">{say('cards.text')}</p>
            <Table
              caption={say('cards.heading')}
              columns={[say('cards.number'), say('cards.behaves')]}
              rows={testCards.map(([number, name]) => [number, say(`cards.${name}`)])}
            />
          </Section>
        )}
      </WithContents>
    </SitePage>
  )
}

function Marks({ say }: { say: Say }) {
  const { brand } = config().issuer
  const grounds = [
    ['light', brand.mark],
    ['dark', brand.markDark],
  ] as const
  return (
    <ul className="grid gap-4 sm:grid-cols-2">
      {grounds.map(([ground, file]) => (
        <li key={ground} className="card flex items-center gap-5">
          <span className={`mark-ground mark-ground-${ground}`}>
            <img src={file} alt="" width={48} height={48} />
          </span>
          <span>
            <span className="block font-bold">{say(`mark.${ground}`)}</span>
            <a href={file} download={`${brand.service}-${ground}.svg`} className="text-link">
              {say('mark.download')}
              <span className="sr-only">{` (${say(`mark.${ground}`)})`}</span>
            </a>
          </span>
        </li>
      ))}
    </ul>
  )
}
