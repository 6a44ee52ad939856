/**
 * EMV 3DS authenticationMethod: 01 static passcode, 02 code by text message, 03 key fob, 04 code of an app, 05 code
 * sent otherwise, 06 knowledge, 07 to 09 out of band (biometrics, sign-in, other), 10 other, 11 push confirmation (from
 * 2.2.0 on), 13 WebAuthn, 14 secure payment confirmation (both 2.3.1).
 */
export type AuthenticationMethod =
  | ('01' | '02' | '03' | '04' | '05' | '06' | '07' | '08' | '09')
  | ('10' | '11' | '13' | '14')

/** EMV 3DS authenticationType: 01 static, 02 dynamic, 03 out of band. 04 (decoupled) belongs to no single method. */
export type AuthenticationType = '01' | '02' | '03'

/** The elements by which an ARes or RReq names the method. */
export interface AuthenticationElements {
  readonly authenticationMethod: AuthenticationMethod
  readonly authenticationType: AuthenticationType
}
