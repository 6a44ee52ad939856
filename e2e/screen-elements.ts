/**
 * The elements of a screen that an app's SDK shows, by acsUiType: a second transcription of table A.20 (requirements
 * file 2.3), apart from `domain/emv/app-cres.ts`. The SDK double refuses a screen by it, and a test holds the product's table to it.
 * Import nothing of the code here.
 *
 * M mandatory, O optional, C conditional, N not present. 05 and 06 have none of these: their page has everything.
 */

export const uiTypes: readonly string[] = ['01', '02', '03', '04', '07']

/** 2.3.1, in the order of the columns above. */
export const screenElements231: Readonly<Record<string, string>> = {
  issuerImage: 'CCCCC',
  psImage: 'CCCCC',
  challengeInfoHeader: 'MMMMM',
  challengeInfoText: 'MMMMM',
  challengeInfoTextIndicator: 'OOOOO',
  challengeInfoLabel: 'NMMOO',
  challengeEntryBox: 'MNNNN',
  challengeEntryBoxTwo: 'ONNNN',
  challengeSelectInfo: 'NMMNN',
  trustListInfoText: 'OOOOO',
  deviceBindingInfoText: 'OOOOO',
  submitAuthenticationLabel: 'MMMNN',
  oobAppLabel: 'NNNCN',
  oobContinueLabel: 'NNNCN',
  infoContinueLabel: 'NNNNM',
  resendInformationLabel: 'ONNNN',
  challengeAddLabel: 'OOOOO',
  whyInfoLabel: 'OOOOO',
  whyInfoText: 'OOOOO',
  expandInfoLabel: 'OOOOO',
  expandInfoText: 'OOOOO',
}

/**
 * 2.1.0 and 2.2.0 (no 07 there). The label of the text screen is an element of its own; trust is asked by
 * whitelistingInfoText, from 2.2.0 on.
 */
export const screenElementsBefore231: Readonly<Record<string, string>> = {
  issuerImage: 'CCCC',
  psImage: 'CCCC',
  challengeInfoHeader: 'MMMM',
  challengeInfoText: 'MMMM',
  challengeInfoTextIndicator: 'OOOO',
  challengeInfoLabel: 'MMMO',
  challengeSelectInfo: 'NMMN',
  submitAuthenticationLabel: 'MMMN',
  oobAppLabel: 'NNNC',
  oobContinueLabel: 'NNNM',
  resendInformationLabel: 'ONNN',
  whyInfoLabel: 'OOOO',
  whyInfoText: 'OOOO',
  expandInfoLabel: 'OOOO',
  expandInfoText: 'OOOO',
}

/** A well-formed value of an element. */
export function sampleOf(element: string, version: string): unknown {
  switch (element) {
    case 'issuerImage':
    case 'psImage':
      return version === '2.3.1'
        ? { default: 'https://a.example/i.png', dark: 'https://a.example/d.png', monochrome: 'https://a.example/m.png' }
        : { medium: 'https://a.example/1', high: 'https://a.example/2', extraHigh: 'https://a.example/3' }
    case 'challengeInfoTextIndicator':
      return 'Y'
    case 'challengeEntryBox':
    case 'challengeEntryBoxTwo':
      return { challengeDataEntryLabel: 'Code' }
    case 'challengeSelectInfo':
      return [{ mail: 'E-mail' }, { sms: 'Text message' }]
    default:
      return 'words'
  }
}
