import { codeBy } from './code.ts'
import type { ServerMethod } from './method.ts'

export const emailCode: ServerMethod = codeBy('email-code', 'email')
