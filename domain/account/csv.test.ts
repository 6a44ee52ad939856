import { expect, test } from 'vitest'
import { csv } from './csv.ts'

const lineOf = (value: string) => csv([[value]]).slice(1, -2)

test('writes rows of quoted cells after a byte order mark', () => {
  expect(
    csv([
      ['時刻', 'a "b"'],
      ['1,2', ''],
    ]),
  ).toBe('\uFEFF"時刻","a ""b"""\r\n"1,2",""\r\n')
})

test.each([
  '=1+1',
  '+81',
  '-1',
  '@a',
  '\t=1',
  '\rx',
  '＝1+1',
  '＋81',
  '－1',
  '＠a',
  ' =1',
  '\u3000＝1',
  '\u200B=1',
  '﹢1',
  '﹣1',
  '﹦1',
  '﹫a',
])('keeps a cell that begins like a formula as text (%j)', value => {
  expect(lineOf(value)).toBe(`"'${value}"`)
})

test.each(['サンプル商店', 'a=b', '1-2', '12,800円', '山田＝花子', ''])('leaves other cells unchanged (%j)', value => {
  expect(lineOf(value)).toBe(`"${value}"`)
})
