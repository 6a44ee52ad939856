/** A requirement of EMV 3DS 2.3.1.1 that binds an access control server, or several that say the same of each channel. */
export interface Requirement {
  readonly numbers: readonly number[]
  /** What the access control server does, in our words. */
  readonly does: string
  /** Why it does not apply, or is held by something that no test of ours can show. */
  readonly because?: string
  /** What is missing, where it is not done yet. */
  readonly lacks?: string
  /** What 2.1.0 and 2.2.0 have instead. */
  readonly before?: string
}

const one = (numbers: string, does: string, more: Omit<Requirement, 'numbers' | 'does'> = {}): Requirement => ({
  numbers: numbers.split(' ').map(Number),
  does,
  ...more,
})

/** In the order of the specification's flow. Tests name the requirement that they hold: `test('[Req 119] …')`. */
export const requirements: readonly Requirement[] = [
  one('25 102 287', 'checks the AReq, and does nothing more after an Erro'),
  one('27 104 288', 'makes an acsTransID'),
  one('28 105 289', 'decides by the card number whether authentication is available, and says why not in an ARes'),
  one('29 106', "considers the requestor's wishes: challenge, kind of authentication, decoupled authentication", {
    before: '2.1.0 has no decoupled authentication',
  }),
  one('290', 'considers threeRIInd and the earlier authentication that a 3RI request names'),
  one('30 107 291', 'chooses a status that the channel has', { before: '2.1.0 has neither D nor I' }),
  one('31 108 292', 'sends eci and authenticationValue with Y and A of a payment'),
  one('318 319', 'does not contact the cardholder when there is no challenge'),
  one('33 110 293', 'formats the ARes by table B.2', { before: 'authenticationType in place of authenticationMethod' }),
  one('34 111 294', 'answers the AReq on its own connection'),
  one('228', "answers within the directory server's time"),
  one('26', 'answers U/03 if the device can show no screen and nothing else is possible'),
  one('386', 'may refuse device information that contradicts its version', {
    because: 'The specification also permits carrying on: only the locale is read.',
  }),
  one('397', 'accepts every version of the device information'),
  one('32', 'chooses a screen that the SDK can show, and sets up the encrypted channel'),
  one('103', 'answers U/03 if the browser is not supported', {
    because: 'Every browser is supported: the window needs neither JavaScript nor cookies.',
  }),
  one('410', 'uses the 3DS Method result that threeDSMethodId names', { before: 'by threeDSServerTransID only' }),
  one('109', 'sends acsURL, and keeps ids and dsURL for the result'),
  one('47 60', 'checks a CReq or Erro of an SDK'),
  one('48 121', 'counts interactions from 0'),
  one('49', 'says challengeCompletionInd N while the challenge runs'),
  one('50 51', 'fills in what the screen needs, and formats the CRes by table B.4', {
    before: 'challengeInfoLabel in place of challengeEntryBox',
  }),
  one('52', 'encrypts the CRes'),
  one('53 77', 'answers a CReq on its own connection'),
  one('310', 'sends the RReq at once when the SDK cancels'),
  one('61 123', 'counts each submission; the right code is Y, the last wrong one N/19'),
  one('64 126', 'reports a cancellation as challengeCancel', { before: 'cancellation is N/01' }),
  one('76 138', 'sends the final CRes after the RRes'),
  one('119', 'accepts creq and threeDSSessionData padded or not'),
  one('120 122 269', 'answers the CReq with a page that a merchant may frame'),
  one('442', 'restarts or continues on a second CReq', { before: 'the same; after the end 305 in place of 315' }),
  one('307', 'never leads out of the flow, and loads nothing from other hosts'),
  one('139', 'returns threeDSSessionData with the CRes'),
  one('140', 'posts the CRes to notificationURL through the browser'),
  one('324', 'works without JavaScript'),
  one('401 402', "leads from a screen to the issuer's app", {
    because:
      "There is no issuer's app to switch to: oobAppURL is the web address of the account, and the page has no button for an app.",
  }),
  one('475', 'accepts only https in threeDSRequestorAppURL', {
    before: '2.2.0: any scheme, 256 characters; 2.1.0: no such element',
  }),
  one('321 325 328', 'answers D only if decoupled authentication is permitted and possible', {
    before: '2.2.0: authenticationType 04; 2.1.0: none',
  }),
  one('322 326 330', 'starts the timer of a decoupled authentication, and contacts the cardholder out of band'),
  one('345 347 353', 'reports a decoupled result at once, and U when the time ends'),
  one('461 462 464 465 470 471', 'falls back from a challenge to decoupled authentication', {
    because: "The fall-back is the access control server's choice, and is not offered.",
  }),
  one('449', 'answers S with the passkeys and what the browser shall show, if the requestor supports it', {
    before: 'no secure payment confirmation',
  }),
  one('452 453', 'waits 10 minutes for the second AReq; then N/14 with 04', {
    before: 'no secure payment confirmation',
  }),
  one('62 124 349', 'formats the RReq by table B.8', {
    before: 'authenticationType, and authenticationMethod as one code',
  }),
  one('63 65 125 127 184 350 351', 'sends the RReq to the directory server by POST over mutual TLS'),
  one('66 128 352', 'sends exactly one RReq for each challenge'),
  one('75 137 212 341', 'checks the RRes, and that its ids are those of the RReq'),
  one('240', 'retries a failed connection at once, then every 10 s with U', {
    before: 'retried, and the result stays',
  }),
  one('241 242', 'waits 5 s for the RRes, then sends Erro 402'),
  one('438', 'checks every OReq of a sequence', { before: 'no OReq' }),
  one('439', 'sends one ORes after the whole sequence', { before: 'no ORes' }),
  one('85 183', 'serves pages over TLS with a certificate that browsers trust', {
    because: 'Done by the proxy in front of PORT: docs/operations.md.',
  }),
  one('262', 'keeps what the 3DS Method finds under its transaction'),
  one('263', 'accepts threeDSMethodData padded or not, and posts the id back'),
  one('264', 'does not disturb the cardholder in the 3DS Method'),
  one('219 220 222', 'waits 30 s for the first CReq; a later one gets Erro 402'),
  one('221', 'reports N/14 with 05 after that, unless the directory server sent an Erro'),
  one('223 224 225', "waits 600 s for an app's next CReq; then N/14 with 04, and Erro 402"),
  one('226 227', "waits 600 s for a browser's next submission; then N/14 with 04"),
  one('185 186', 'writes JSON in UTF-8'),
  one('187 188', 'speaks HTTP/1.1 with a length or in chunks'),
  one('189 190', 'answers with application/json'),
  one('191', 'answers an SDK with application/jose, a browser with text/html'),
  one('313', 'exchanges keys as JWK'),
  one('468', 'names itself in X-Request-ID', { before: 'no such header' }),
  one('469', "repeats the sender's id of the body in X-Request-ID, and adds X-Response-ID", {
    before: 'no such header',
  }),
  one('192', 'reads base64url as RFC 7515 has it'),
  one('193', 'ignores white space in it'),
  one('195 311', 'supports every active version, and answers 102 to others'),
  one('320', 'answers 203 if the version changes within a transaction'),
  one('196 309', 'answers 201 to what is missing, and 203 to an optional element that is empty'),
  one('204 205 206 208 213 218', 'answers 203 to a wrong form or length, and names the element'),
  one('207', 'accepts whatever the tables permit'),
  one('434', 'answers 207 to a value that EMVCo reserves', { before: '203' }),
  one('197 199 203', 'accepts only the messages that it receives'),
  one('198', 'answers 101 to input that is not JSON or JOSE'),
  one('209', 'ignores elements of other channels, or checks their form'),
  one('210', 'ignores unknown extensions that are not critical'),
  one('215', 'answers 403 or 404 while it fails', {
    because: 'The text leaves the ARes open: an AReq is answered U, a window with a page of ours (docs/operations.md).',
  }),
  one('216', 'accepts any errorCode'),
  one('217', 'uses the nearest errorCode where none fits'),
  one('416', 'keeps its clock right', { because: "The operator's responsibility: docs/operations.md." }),
  one('417', 'may refuse timestamps that are more than 30 minutes off', {
    because: 'Optional; the directory server must.',
  }),
  one('342', 'has a template in each interface, and the Information template', { before: 'no Information template' }),
  one('387', 'sends only the elements that a screen has in table A.20', {
    before: 'challengeInfoLabel on the text screen',
  }),
  one('370', 'breaks lines only in the texts that may have them'),
  one('445', 'writes bold as **', { because: 'No text is bold.' }),
  one('429', 'sends images as png or jpeg', { because: 'No image is sent.' }),
  one('359 374 380', 'shows pages in zones, upright and sideways'),
  one('375 376 377 378 381 382 383 384', 'hides help texts until they are opened'),
  one('160 161 163', 'embeds everything in acsHTML'),
  one('162', 'sends a complete, responsive document'),
  one('164 165', 'submits to HTTPS://EMV3DS/challenge, and calls the SDK in no other way'),
  one('177', 'fits every challengeWindowSize'),
  one('178 179 181 182', 'shows a processing screen without words for a second between two pages'),
  one('180', "shows the directory server's logo in the branding zone", {
    because: "The network's logo needs its licence: brand.mark in issuer.json.",
  }),
]
