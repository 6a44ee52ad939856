import { describe, expect, test } from 'vitest'
import { catalogueOf, type Pair, type Tree } from './catalogue.ts'
import {
  balanced,
  nothingEmpty,
  nothingUnused,
  sameKeys,
  sameParts,
  screenWordsAllowed,
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

test('correct sentences pass every rule', () => {
  for (const rule of [sameKeys, nothingEmpty, sameParts, balanced, setAsJapanese, wordsAllowed])
    expect(rule(good)).toEqual([])
  expect(translated(good, new Set())).toEqual([])
  expect(nothingUnused(good.ja, "say('a.greeting'); say('count')")).toEqual([])
})

test('reports a key that one language lacks, with its file', () => {
  expect(sameKeys(pair({ a: 'あ' }, { a: 'a', b: 'b' }))).toEqual(['ja.json lacks b'])
  expect(sameKeys(pair({ a: 'あ', b: { c: 'い' } }, { a: 'a' }))).toEqual(['en.json lacks b.c'])
})

test('reports keys in different orders', () => {
  const problems = sameKeys(pair({ a: 'あ', b: 'い' }, { b: 'b', a: 'a' }))
  expect(problems).toEqual(['ja.json and en.json have their keys in different orders'])
})

test('reports an empty sentence', () => {
  expect(nothingEmpty(pair({ a: 'あ' }, { a: ' ' }))).toEqual(['en.json: a is empty'])
})

test('reports broken ICU text with its file and key', () => {
  const [problem, ...others] = sameParts(pair({ a: { b: '{name様' } }, { a: { b: '{name}' } }))
  expect(problem).toMatch(/^ja\.json: a\.b is no ICU message: /)
  expect(others).toEqual([])
})

describe('reports different arguments or tags in the two languages', () => {
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

test('reports an untranslated sentence, and an exception that is not needed', () => {
  const both = pair({ a: 'Hello', b: 'OK', c: 'い' }, { a: 'Hello', b: 'OK', c: 'c' })
  expect(translated(both, new Set(['b', 'c']))).toEqual([
    'a is the same in both languages',
    'c needs no exception any more',
  ])
})

test.each(['「認証', '認証）', '『あ「い』', '【あ'])('%s: reports unbalanced brackets', ja => {
  expect(balanced(pair({ a: ja }, { a: 'a' }))[0]).toMatch(/^ja\.json: a opens and closes .. unequally$/)
})

describe('Japanese typography', () => {
  test.each([
    '店名,金額です。',
    '終わりました.',
    'ありますか?',
    '６桁の数字です。',
    'これはカードである。',
    '画面を表示する。',
    '表示できない。',
    '送った。',
  ])('reports %s', ja => {
    expect(setAsJapanese(pair({ a: ja }, { a: 'a' }))).toHaveLength(1)
  })
  test.each([
    '「続行」を押してください。',
    '10分間有効です。',
    'メール（no-reply@issuer.example）です。',
    '送りました。',
    '届きません。',
  ])('accepts %s', ja => {
    expect(setAsJapanese(pair({ a: ja }, { a: 'a' }))).toEqual([])
  })
})

describe('reports words that are not permitted', () => {
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
  test.each([
    ['送り先', 'Destination'],
    ['確認の方法', 'Method'],
    ['あなたのあいさつ', 'Message'],
    ['お知らせを受け、止めました。', 'Stopped.'],
    ['お答えください。', 'Approve it.'],
    ['費用はいりません。', 'Free.'],
    ['担当者', 'Nobody asks'],
    ['連絡先', 'All contacts'],
    ['目印', 'Your greeting'],
    ['お申し出', 'We were told'],
  ])('%s / %s, on a screen', (ja, en) => {
    expect(screenWordsAllowed(pair({ a: ja }, { a: en }))).toHaveLength(1)
  })
  test('permits any search words', () => {
    const words = { site: { help: { questions: { code: { words: 'ワンタイムパスワード OTP' } } } } }
    expect(wordsAllowed(pair(words, words))).toEqual([])
  })
})

describe('a sentence counts as used', () => {
  const { ja } = pair({ page: { steps: { buyHeading: 'あ', payHeading: 'い' }, title: 'う' } }, {})
  test('by its whole key, its end, or a template whose variable part is known', () => {
    const code = `say('title'); const steps = ['buy', 'pay']; say(\`steps.\${step}Heading\`)`
    expect(nothingUnused(ja, code)).toEqual([])
  })
  test('not by a template whose parts never have that value', () => {
    const code = `say('title'); const steps = ['buy']; say(\`steps.\${step}Heading\`)`
    expect(nothingUnused(ja, code)).toEqual(['page.steps.payHeading is said nowhere'])
  })
  test('not by a word that only resembles it', () => {
    expect(nothingUnused(ja, "'buyHeading'; 'payHeading'; 'subtitle'")).toEqual(['page.title is said nowhere'])
  })
})
