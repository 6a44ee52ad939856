import { type Env, originOf, read, secret, type Variable, wrong } from './variable.ts'

type SmsGatewayName = 'http' | 'twilio'

/** Settings for sending text messages. */
export interface SmsSettings {
  /** Gateways for text messages in the order in which they are tried; if empty, no text messages are sent. */
  readonly smsGateways: readonly SmsGatewayName[]
  readonly smsHTTP: { readonly url: string; readonly secret: string } | undefined
  readonly twilio:
    | {
        readonly accountSid: string
        readonly authToken: string
        /** A number, a name, or a messaging service (MG…). */
        readonly sender: string
        readonly url: string
      }
    | undefined
}

export const smsVariables = {
  gateways: {
    name: 'SMS_GATEWAYS',
    must: 'be the gateways for text messages, http or twilio, the one to ask first in front; left out, none are sent',
    example: 'http,twilio',
    fallback: '',
    read: (value: string) => {
      const names = value.split(',').flatMap(name => name.trim() || [])
      const known = names.filter((name): name is SmsGatewayName => name === 'http' || name === 'twilio')
      return known.length === names.length && new Set(known).size === known.length ? known : undefined
    },
  },

  url: {
    name: 'SMS_HTTP_URL',
    must: 'be the https address of your gateway for text messages',
    example: 'https://sms.issuer.example/messages',
    read: (value: string) => (/^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined),
  },
  secret: secret('SMS_HTTP_SECRET', 'be the secret that you share with that gateway, 32 characters or more', 32),
  accountSid: {
    name: 'TWILIO_ACCOUNT_SID',
    must: 'be the account at Twilio',
    example: 'AC00000000000000000000000000000000',
    read: (value: string) => (/^AC[0-9a-f]{32}$/i.test(value) ? value : undefined),
  },
  authToken: secret('TWILIO_AUTH_TOKEN', 'be that account’s token', 16),
  sender: {
    name: 'TWILIO_SENDER',
    must: 'be the number, name or messaging service that text messages come from',
    example: '+815012345678',
    read: (value: string) => (/^(\+\d{8,15}|[\w ]{1,11}|MG[0-9a-f]{32})$/i.test(value) ? value : undefined),
  },
  twilioURL: {
    name: 'TWILIO_URL',
    must: 'be the address of Twilio’s API, or of what stands before it',
    example: 'https://api.twilio.com',
    fallback: 'https://api.twilio.com',
    read: originOf,
  },
} satisfies Record<string, Variable<unknown>>

/** Reads the settings; only those that a named gateway needs are required. */
export function readSms(env: Env, demo: boolean): SmsSettings {
  const smsGateways = read(env, smsVariables.gateways)
  const http = smsGateways.includes('http') && {
    url: read(env, smsVariables.url),
    secret: read(env, smsVariables.secret),
  }
  if (http && !demo && !http.url.startsWith('https://')) throw wrong(smsVariables.url)
  const twilio = smsGateways.includes('twilio') && {
    accountSid: read(env, smsVariables.accountSid),
    authToken: read(env, smsVariables.authToken),
    sender: read(env, smsVariables.sender),
    url: read(env, smsVariables.twilioURL),
  }
  return { smsGateways, smsHTTP: http || undefined, twilio: twilio || undefined }
}
