import { Points, Section, Table } from '../parts.tsx'
import type { Say } from '../said.tsx'

const carriers = ['docomo', 'au', 'softbank', 'rakuten'] as const

/** What each carrier calls the settings that block messages, and what to check with every carrier. */
export function Carriers({ say }: { say: Say }) {
  return (
    <Section id="carriers" heading={say('carriers.heading')}>
      <p className="prose">{say('carriers.lead')}</p>
      <div className="flex flex-col gap-5" data-fact="F31">
        <h3>{say('carriers.tableSms')}</h3>
        <Table
          caption={say('carriers.tableSms')}
          columns={[say('carriers.carrier'), say('carriers.sms')]}
          rows={carriers.map(name => [say(`carriers.${name}`), say(`carriers.${name}Sms`)])}
        />
        <h3>{say('carriers.tableMail')}</h3>
        <Table
          caption={say('carriers.tableMail')}
          columns={[say('carriers.carrier'), say('carriers.mail')]}
          rows={carriers.map(name => [say(`carriers.${name}`), say(`carriers.${name}Mail`)])}
        />
        <h3>{say('carriers.allHeading')}</h3>
        <Points
          say={say}
          tell={[
            ['carriers.signal'],
            ['carriers.plus'],
            ['carriers.numbers'],
            ['carriers.sender', 'F17'],
            ['carriers.abroad', undefined, 'push'],
          ]}
        />
      </div>
    </Section>
  )
}
