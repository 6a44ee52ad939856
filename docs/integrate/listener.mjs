import { createServer } from 'node:http'

// Receives what SafeKey and the browser send to the outside: RReqs at the dsURL, answered with an RRes, and the CRes at
// the notificationURL. Prints each message. Argument: the port.

createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  if (form) {
    const fields = new URLSearchParams(body)
    const message = Buffer.from(fields.get('cres') ?? fields.get('erro') ?? '', 'base64url').toString()
    console.log(request.url, message, fields.get('threeDSSessionData'))
    return response.end('Back at the shop')
  }
  console.log(request.url, body)
  const { messageType, messageVersion, threeDSServerTransID, dsTransID, acsTransID } = JSON.parse(body || '{}')
  // An Erro gets no answer.
  if (messageType !== 'RReq') return response.writeHead(204).end()
  const ids = { messageVersion, threeDSServerTransID, dsTransID, acsTransID }
  response.setHeader('content-type', 'application/json; charset=utf-8')
  if (messageVersion === '2.3.1')
    response.setHeaders(
      new Map([
        ['x-request-id', acsTransID],
        ['x-response-id', dsTransID],
      ]),
    )
  response.end(JSON.stringify({ messageType: 'RRes', ...ids, resultsStatus: '01' }))
}).listen(Number(process.argv[2]), 'localhost')
