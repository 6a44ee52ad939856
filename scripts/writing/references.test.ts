import { expect, test } from 'vitest'
import { brokenLinks, type Project, unknownNames } from './references.ts'

const files: Readonly<Record<string, string | undefined>> = {
  'docs/a.md': '# One\n\n## When a host does not answer',
  'docs/b.md': '# Two',
  'server/main.ts': undefined,
  'app/[locale]/(site)': undefined,
}
const project: Project = {
  read: at => (at in files ? files[at] : null),
  scripts: ['check'],
  commands: new Set(['ranges', 'cards', 'cards import']),
  hasOption: (command, option) => command === 'cards' && option === 'by',
  constants: new Set(['PUBLIC_URL']),
}
const wrong = (text: string) => [
  ...brokenLinks('docs/b.md', text, project),
  ...unknownNames('docs/b.md', text, project),
]

test.each([
  ['a link to a file', '[a](a.md)', '[a](c.md)', 'docs/b.md:1: there is no docs/c.md'],
  [
    'a link to a heading',
    '[a](a.md#when-a-host-does-not-answer), [here](#two)',
    '[a](a.md#when)',
    'docs/b.md:1: docs/a.md has no heading #when',
  ],
  ['a picture', '<img src="../server/main.ts">', '<img src="no.png">', 'docs/b.md:1: there is no docs/no.png'],
  [
    'a path',
    '`server/main.ts`, [s](../app/[locale]/(site)/), `app/[locale]/(site)/`, `messages/terms/DATE/ja.json`',
    '`server/gone.ts`',
    'docs/b.md:1: there is no server/gone.ts',
  ],
  ['an npm script', '`npm run check`', '`npm run av -- verify`', 'docs/b.md:1: package.json has no script av'],
  [
    'a command',
    '`npx safekey ranges > file`, `safekey cards import FILE`',
    '`safekey cards export FILE`',
    'docs/b.md:1: there is no command safekey cards export',
  ],
  [
    'an option',
    '`npx safekey cards import FILE --by NAME | sort --all`, `safekey cards --help`',
    '`safekey cards import FILE --from NAME`',
    'docs/b.md:1: safekey cards has no option --from',
  ],
  [
    'a setting',
    '`PUBLIC_URL/account`',
    '`PUBLIC_ADDRESS`',
    'docs/b.md:1: nothing in the code is called PUBLIC_ADDRESS',
  ],
])('finds %s that does not exist', (_what, right, broken, message) => {
  expect(wrong(right)).toEqual([])
  expect(wrong(broken)).toEqual([message])
})

test('reads commands in a block of code, and no other words', () => {
  expect(wrong('text\n\n```\nnpm run gone\n```\n\nnpm run gone')).toEqual([
    'docs/b.md:4: package.json has no script gone',
  ])
})
