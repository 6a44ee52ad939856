import { expect } from 'vitest'
import { appCRes } from '#domain/emv/app-cres.ts'
import { check } from '#domain/emv/check.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { type Answer, Sdk } from '../../e2e/sdk.ts'
import { answerApp } from '../channels/app/answer-app.ts'

export type Device = ConstructorParameters<typeof Sdk>[0]

/** A phone whose SDK calls the use case directly, and checks every screen against its version's table. */
export class Phone extends Sdk {
  override post = async (body: string) => {
    const reply = await answerApp(Buffer.from(body, 'latin1'))
    if (reply.kind === 'erro') return { type: 'application/json', body: JSON.stringify(reply.erro), ids: [null, null] }
    const { jwe, headers } = reply
    return {
      type: 'application/jose',
      body: jwe,
      ids: [headers['x-request-id'] ?? null, headers['x-response-id'] ?? null],
    }
  }

  override async send(answer: Overrides = {}): Promise<Answer> {
    const message = await super.send(answer)
    const version = message.messageVersion as MessageVersion
    if (message.messageType === 'CRes') expect(check(appCRes, { ...message }, { version })).toEqual([])
    return message
  }

  /** The elements that turn a browser's AReq into one of an app on this phone. */
  overrides(version: MessageVersion): Overrides {
    const app = Object.fromEntries(Object.entries(this.areq).map(([name, value]) => [name, value ?? undefined]))
    return { ...app, ...(version === '2.3.1' && this.kind) } as Overrides
  }
}
