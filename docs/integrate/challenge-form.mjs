import { readFileSync } from 'node:fs'

// Prints the page that opens the challenge window, as a merchant's page does. Argument: the file with the ARes.

const { messageVersion, threeDSServerTransID, acsTransID, acsURL } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const ids = { messageVersion, threeDSServerTransID, acsTransID }
const creq = Buffer.from(JSON.stringify({ messageType: 'CReq', ...ids, challengeWindowSize: '05' })).toString(
  'base64url',
)

console.log(`<!doctype html><meta charset="utf-8"><title>Challenge</title>
<form method="post" action="${acsURL}">
<input type="hidden" name="creq" value="${creq}">
<input type="hidden" name="threeDSSessionData" value="${Buffer.from('order 1').toString('base64url')}">
<button>Open the window</button>
</form>`)
