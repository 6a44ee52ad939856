import { day } from '#domain/risk/history/rows.ts'
import { rules } from '#domain/watch/rules.ts'
import en from '#messages/en.json' with { type: 'json' }

/** The rules of the watch as a table. */
export function drawWatchRules(): string {
  const rows = Object.entries(rules).map(([id, rule]) => {
    const name = en.message.alert[id as keyof typeof rules]
    const notice = 'notice' in rule ? en.message.notice[rule.notice].heading : ''
    return `| \`${id}\` | ${name} | ${rule.per === day ? 'day' : 'hour'} | ${notice} |`
  })
  return ['| rule | found | one alert in | notice to the cardholder |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
