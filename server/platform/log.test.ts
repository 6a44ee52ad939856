import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describeError } from './log.ts'

const planted = ['378282246310005', 'hanako@cardholder.example', '山田 花子', '+819012345678', '123456']

test('logs the class, code and place of an error whose message repeats personal data, and nothing of the message', () => {
  const cause = Object.assign(new TypeError(`cause ${planted}`), { detail: planted, code: '23505' })
  const error = Object.assign(new Error(`Key (number)=(${planted})\nis ${planted}`, { cause }), {
    code: 'ECONNREFUSED',
    query: planted,
    parameters: planted,
  })
  const said = describeError(error)
  expect(said).toMatchObject({
    name: 'Error',
    code: 'ECONNREFUSED',
    places: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
    cause: { name: 'TypeError', code: '23505' },
  })
  expect(planted.filter(value => JSON.stringify(said).includes(value))).toEqual([])
})

test('does not take a line of the message for a place in the code', () => {
  const error = new Error(`first\n    at ${planted[1]} (${planted[0]})`)
  expect(planted.filter(value => JSON.stringify(describeError(error)).includes(value))).toEqual([])
})

test.each([[planted], [planted.join()], [{ message: planted }], [undefined], [null]])(
  'describes a thrown value that is not an error by its type only (%#)',
  thrown => {
    expect(describeError(thrown)).toEqual({ name: typeof thrown })
  },
)

/** Runs a program that uses the log, and returns its output. */
function run(program: string, ...values: string[]) {
  const start = `
    Object.assign(globalThis, { [Symbol.for('safekey.config')]: { logLevel: 'info' } })
    const { log } = await import('#server/platform/log.ts')`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', start + program, ...values]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

test('a killed process has written its last line', () => {
  const { stdout, signal } = run(`
    for (let line = 1; line <= 100; line++) log.info('before', { count: line })
    process.kill(process.pid, 'SIGKILL')`)
  expect(signal).toBe('SIGKILL')
  expect(stdout.trim().split('\n').at(-1)).toContain('"count":100')
})

test('the log is lines of JSON on standard output: time, level, event and the fields', () => {
  const program = `
    log.info('one', { acsTransID: 'id', count: 2 })
    log.warn('two')
    log.error('three', { error: new Error(process.argv[1]) })`
  const { stdout, stderr } = run(program, planted.join('\n'))
  const lines = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines).toEqual([
    { level: 30, time: expect.stringMatching(/^\d{4}-.*Z$/), msg: 'one', acsTransID: 'id', count: 2 },
    { level: 40, time: expect.any(String), msg: 'two' },
    { level: 50, time: expect.any(String), msg: 'three', error: { name: 'Error', places: expect.any(Array) } },
  ])
  expect(planted.filter(value => `${stdout}${stderr}`.includes(value))).toEqual([])
})
