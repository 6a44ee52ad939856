import type { PatternForm, Shape, Values } from '#domain/emv/field.ts'
import type { Finding, Report } from '#domain/emv/report.ts'
import { type MessageVersion, newestVersion, within } from '#domain/emv/version.ts'
import type { Language } from '#domain/kernel/language.ts'
import { words } from '../platform/words.ts'

/** A report in sentences: the verdict first, then one for each finding. */
export function sentences(
  report: Report,
  language: Language,
): { verdict: string; findings: string[]; notes: string[] } {
  const say = words(language)
  const { messageType: type, messageVersion: version, findings, ignored } = report
  const count = findings.length
  const name = [type, version].filter(Boolean).join(' ')
  const notes = [
    ...(report.beforeDirectoryServer ? [say('check.beforeDirectoryServer')] : []),
    ...(report.maskedNumber ? [say('check.maskedNumber')] : []),
    ...(ignored.length > 0 ? [say('check.ignored', { names: ignored.join(', ') })] : []),
  ]
  return {
    verdict: !type ? say('check.unknownMessage') : say(count === 0 ? 'check.noFault' : 'check.faults', { name, count }),
    findings: findings.map(finding => sayFinding(finding, version ?? newestVersion, language)),
    notes,
  }
}

function sayFinding({ code, field, expected, place }: Finding, version: MessageVersion, language: Language): string {
  const say = words(language)
  type Code = Parameters<typeof codeKey>[0]
  const reason = code === '101' ? (place ? say('check.notJsonAt', { ...place }) : say(reasonKey(field))) : ''
  const told = say(codeKey(code as Code), { field, reason })
  // For an object that lacks a member, or for an ISO code, the form adds nothing.
  const form = expected && ['201', '203', '207'].includes(code) ? sayForm(expected, version, language) : undefined
  return form ? `${told}${language === 'en' ? ' ' : ''}${say('check.expected', { form })}` : told
}

const codeKey = (code: '101' | '102' | '201' | '202' | '203' | '204' | '207' | '304') => `check.codes.${code}` as const

type Reason = 'not-UTF-8' | 'not-JSON' | 'not-a-JSON-object' | 'nested-too-deeply' | 'not-Unicode-text'
const reasonKey = (reason: string) =>
  `check.reasons.${reason.replaceAll(' ', '-') as Reason | 'not-base64url' | 'messageType' | 'PReq' | 'PRes' | 'encrypted'}` as const

/** Describes to a person what a value has to look like. */
export function sayForm(shape: Shape, version: MessageVersion, language: Language): string {
  const say = words(language)
  switch (shape.kind) {
    case 'text': {
      const [min, max] = [shape.min, typeof shape.max === 'number' ? shape.max : shape.max[version]]
      if (min === max) return say('check.forms.textExactly', { max })
      return min > 1 ? say('check.forms.textBetween', { min, max }) : say('check.forms.text', { max })
    }
    case 'pattern':
      return shape.form
        ? sayPattern(shape.form, language)
        : say('check.forms.pattern', { source: shape.pattern.source })
    case 'values': {
      const values = members(shape.values, version)
      const [only, another] = values
      if (only !== undefined && another === undefined && !shape.values.directoryServer) return only
      const list = values.join(language === 'ja' ? '、' : ', ')
      return say(shape.values.directoryServer ? 'check.forms.valuesOrDirectoryServer' : 'check.forms.values', { list })
    }
    case 'url':
      return say(shape.https ? 'check.forms.httpsUrl' : 'check.forms.url', { max: shape.max })
    case 'date':
      return say('check.forms.date', { form: shape.form })
    case 'boolean':
      return say(shape.only ? 'check.forms.onlyTrue' : 'check.forms.boolean')
    case 'opaque':
      return say('check.forms.opaque', { max: shape.max })
    case 'array':
      return say('check.forms.list', { min: shape.min, max: shape.max, of: sayForm(shape.of, version, language) })
    case 'either': {
      const [first = '', second = ''] = shape.of.map(each => sayForm(each, version, language))
      return say('check.forms.either', { first, second })
    }
    default:
      return say(`check.forms.${shape.kind}`)
  }
}

function sayPattern(form: PatternForm, language: Language): string {
  const say = words(language)
  if (form.name === 'digits') {
    const { min, max } = form
    return min === max ? say('check.forms.digitsExactly', { max }) : say('check.forms.digits', { min, max })
  }
  if (form.name === 'base64url' || form.name === 'dataURL') return say(`check.forms.${form.name}`, { max: form.max })
  return say(`check.forms.${form.name}`)
}

function members({ all, since = {} }: Values, version: MessageVersion): string[] {
  const later = Object.entries(since).filter(([from]) => within(version, from as MessageVersion))
  return [...all, ...later.flatMap(([, values]) => values)].sort()
}
