import { readFile } from 'node:fs/promises'

/** docs/protocol.md, for merchants' developers. */
export function readProtocol(): Promise<string> {
  return readFile('docs/protocol.md', 'utf8')
}
