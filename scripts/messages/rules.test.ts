import { describe, expect, test } from 'vitest'
import { catalogueOf, type Pair, type Tree } from './catalogue.ts'
import {
  balanced,
  nothingEmpty,
  nothingUnused,
  sameKeys,
  sameParts,
  setAsJapanese,
  translated,
  wordsAllowed,
} from './rules.ts'

const files = { ja: 'ja.json', en: 'en.json' }

function pair(ja: Tree, en: Tree): Pair {
  return { ja: catalogueOf(ja), en: catalogueOf(en), files }
}

const good = pair(
  { a: { greeting: '{name}様、こんにちは。', count: '{n}件あります。' } },
  { a: { greeting: 'Hello, {name}.', count: '{n, plural, one {# is there.} other {# are there.}}' } },
)

test('sentences that are right pass every rule', () => {
  for (const rule of [sameKeys, nothingEmpty, sameParts, balanced, setAsJapanese, wordsAllowed])
    expect(rule(good)).toEqual([])
  expect(translated(good, new Set())).toEqual([])
  expect(nothingUnused(good.ja, "say('a.greeting'); say('count')")).toEqual([])
})

test('a key that one language lacks is named with its file', () => {
  expect(sameKeys(pair({ a: 'あ' }, { a: 'a', b: 'b' }))).toEqual(['ja.json lacks b'])
  expect(sameKeys(pair({ a: 'あ', b: { c: 'い' } }, { a: 'a' }))).toEqual(['en.json lacks b.c'])
})

test('keys in another order are told', () => {
  const problems = sameKeys(pair({ a: 'あ', b: 'い' }, { b: 'b', a: 'a' }))
  expect(problems).toEqual(['ja.json and en.json have their keys in different orders'])
})

test('an empty sentence is told', () => {
  expect(nothingEmpty(pair({ a: 'あ' }, { a: ' ' }))).toEqual(['en.json: a is empty'])
})

test('broken ICU text is named with its file and key', () => {
  const [problem, ...others] = sameParts(pair({ a: { b: '{name様' } }, { a: { b: '{name}' } }))
  expect(problem).toMatch(/^ja\.json: a\.b is no ICU message: /)
  expect(others).toEqual([])
})

describe('both languages have the same arguments and tags', () => {
  test.each([
    ['{name}様', 'Hello'],
    ['<a>規約</a>', 'Terms'],
    ['{n}件', '{n, plural, one {# of {all}} other {#}}'],
  ])('%s / %s', (ja, en) => {
    expect(sameParts(pair({ key: ja }, { key: en }))).toEqual([
      expect.stringMatching(/^key has \{.*\} in ja\.json and/),
    ])
  })
})

test('a sentence that was copied over untranslated is told, and so is an exception that is not needed', () => {
  const both = pair({ a: 'Hello', b: 'OK', c: 'い' }, { a: 'Hello', b: 'OK', c: 'c' })
  expect(translated(both, new Set(['b', 'c']))).toEqual([
    'a is the same in both languages',
    'c needs no exception any more',
  ])
})

test.each(['「認証', '認証）', '『あ「い』', '【あ'])('%s: what is opened is closed', ja => {
  expect(balanced(pair({ a: ja }, { a: 'a' }))[0]).toMatch(/^ja\.json: a opens and closes .. unequally$/)
})

describe('Japanese is set as Japanese', () => {
  test.each([
    '店名,金額です。',
    '終わりました.',
    'ありますか?',
    '６桁の数字です。',
    'これはカードである。',
    '画面を表示する。',
    '表示できない。',
    '送った。',
  ])('%s', ja => {
    expect(setAsJapanese(pair({ a: ja }, { a: 'a' }))).toHaveLength(1)
  })
  test.each([
    '「続行」を押してください。',
    '10分間有効です。',
    'メール（no-reply@issuer.example）です。',
    '送りました。',
    '届きません。',
  ])('%s is right', ja => {
    expect(setAsJapanese(pair({ a: ja }, { a: 'a' }))).toEqual([])
  })
})

describe('words that are not said', () => {
  test.each([
    ['ワンタイムパスワード', 'Verification code'],
    ['ご案内させていただきます', 'Information'],
    ['こちらをクリック', 'Here'],
    ['認証コード', 'One-time passcode'],
    ['規約', 'Click here'],
    ['SafeKeyのマーク', 'The mark'],
    ['カード', 'Visa cards'],
  ])('%s / %s', (ja, en) => {
    expect(wordsAllowed(pair({ a: ja }, { a: en })).length).toBeGreaterThan(0)
  })
  test('search words are the readers’ own', () => {
    const words = { site: { help: { questions: { code: { words: 'ワンタイムパスワード OTP' } } } } }
    expect(wordsAllowed(pair(words, words))).toEqual([])
  })
})

describe('a sentence that nothing says is told', () => {
  const { ja } = pair({ page: { steps: { buyHeading: 'あ', payHeading: 'い' }, title: 'う' } }, {})
  test('by its whole key, its end, or a template whose changing part is known', () => {
    const code = `say('title'); const steps = ['buy', 'pay']; say(\`steps.\${step}Heading\`)`
    expect(nothingUnused(ja, code)).toEqual([])
  })
  test('a template does not save what its parts never are', () => {
    const code = `say('title'); const steps = ['buy']; say(\`steps.\${step}Heading\`)`
    expect(nothingUnused(ja, code)).toEqual(['page.steps.payHeading is said nowhere'])
  })
  test('nor does a word that only resembles it', () => {
    expect(nothingUnused(ja, "'buyHeading'; 'payHeading'; 'subtitle'")).toEqual(['page.title is said nowhere'])
  })
})
