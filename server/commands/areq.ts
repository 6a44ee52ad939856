import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseMessage } from '#domain/emv/codec.ts'
import type { DeviceChannel, MessageCategory } from '#domain/emv/field.ts'
import { type Report, reportOn, type Transaction } from '#domain/emv/report.ts'
import { newestVersion } from '#domain/emv/version.ts'
import { sayForm, sentences } from '../checker/words.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'

const usage = `safekey areq check FILE|DIR [--json] [--lang=ja] [--loopback]
    FILE    one message, JSON or base64url: AReq, ARes, CReq, CRes, RReq, RRes, Erro, OReq, ORes or
            threeDSMethodData, of any version
    DIR     all files in it that end with .json; an AReq there tells channel and category of the messages with its ids
    --loopback  accepts http addresses of this machine, as the demo does
    --json  one line of JSON for each file instead of sentences
    Ends with 0 when no message has a fault, with 2 otherwise. No value of a message is repeated or kept.`

try {
  const { values, positionals } = readArguments(
    {
      allowPositionals: true,
      options: { json: { type: 'boolean' }, loopback: { type: 'boolean' }, lang: { type: 'string', default: 'en' } },
    },
    usage,
  )
  const [command, path, ...others] = positionals
  const { json, lang, loopback: loopbackHttp = false } = values
  if (command !== 'check' || !path || others.length > 0 || (lang !== 'ja' && lang !== 'en'))
    throw new ConfigError(usage)
  if (!existsSync(path)) throw new ConfigError(`${path} is not there`)
  const files = statSync(path).isDirectory() ? filesIn(path) : [path]
  if (files.length === 0) throw new ConfigError(`${path} has no file that ends with .json`)
  const bytes = new Map(files.map(file => [file, readFileSync(file)]))
  const transactions = transactionsOf([...bytes.values()])
  const reports = [...bytes].map(([file, message]) => {
    const report = reportOn(message.toString('utf8'), { ...transactions.get(idOf(message)), loopbackHttp })
    return { file: relative('.', file), report }
  })
  for (const { file, report } of reports) console.log(json ? asJson(file, report) : inWords(file, report, lang))
  const faulty = reports.filter(({ report }) => report.findings.length > 0).length
  if (!json && reports.length > 1) console.log(`${reports.length} messages, ${faulty} with faults`)
  process.exitCode = faulty > 0 ? 2 : 0
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

/** Channel and category of each transaction whose AReq is among the messages. */
function transactionsOf(messages: readonly Buffer[]): Map<string, Transaction> {
  const found = new Map<string, Transaction>()
  for (const bytes of messages) {
    const parsed = parseMessage(bytes)
    if (parsed.kind !== 'message' || parsed.message.messageType !== 'AReq') continue
    const { deviceChannel: channel, messageCategory: category } = parsed.message
    found.set(idOf(bytes), {
      ...(['01', '02', '03'].includes(String(channel)) && { channel: channel as DeviceChannel }),
      ...(['01', '02'].includes(String(category)) && { category: category as MessageCategory }),
    })
  }
  return found
}

function idOf(bytes: Buffer): string {
  const parsed = parseMessage(bytes)
  return parsed.kind === 'message' ? String(parsed.message.threeDSServerTransID).toLowerCase() : ''
}

function asJson(file: string, { findings, ...report }: Report): string {
  const version = report.messageVersion ?? newestVersion
  const told = findings.map(({ code, field, expected }) => ({
    code,
    field,
    ...(expected && { expected: sayForm(expected, version, 'en') }),
  }))
  return JSON.stringify({ file, ...report, findings: told })
}

function inWords(file: string, report: Report, language: 'ja' | 'en'): string {
  const { verdict, findings, notes } = sentences(report, language)
  const lines = findings.map((sentence, index) => `  ${report.findings[index]?.code}  ${sentence}`)
  return [`${file}: ${verdict}`, ...lines, ...notes.map(note => `       ${note}`)].join('\n')
}
