import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import type { PasskeyWords } from './passkey-button.tsx'

export async function passkeyWords(locale: Language, button: string): Promise<PasskeyWords> {
  const say = await getTranslations({ locale, namespace: 'account.passkey' })
  const sayErrors = await getTranslations({ locale, namespace: 'account.errors' })
  return {
    button,
    working: say('working'),
    withoutScripts: say('withoutScripts'),
    unsupported: say('unsupported'),
    errors: {
      cancelled: say('cancelled'),
      unknown: say('unknown'),
      limited: say('limited'),
      known: say('known'),
      'stronger-authentication-needed': say('stale'),
      'signed-out': say('signedOut'),
      'cookies-needed': say('cookiesNeeded'),
      'devices-spent': say('devicesSpent'),
      'not-registered': say('notRegistered'),
      over: say('over'),
      'number-malformed': sayErrors('number-malformed'),
      failed: say('failed'),
    },
  }
}
