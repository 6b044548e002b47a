import type { ServerResponse } from 'node:http'

const headers = {
  'Content-Type': 'text/html;charset=UTF-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  Connection: 'close',
}

/** Answers the browser with one sentence for the person. @param status the HTTP status */
export function showPage(response: ServerResponse, status: number, sentence: string): Promise<void> {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>fjord</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem }</style>
</head>
<body><p role="status">${escaped(sentence)}</p></body>
</html>
`
  return new Promise((resolve) => {
    // Whether the browser is still there makes no difference to the login.
    response.on('close', resolve)
    response.writeHead(status, headers).end(body)
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
