import { escapeXml } from './escape.ts'

/** The headers of pages that a person sees; none may be kept or shown inside another. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html;charset=UTF-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
}

/** What the page for signing in shows besides its fields. */
export interface SignInPage {
  readonly realm: string
  /** Ask for a one-time code as well. */
  readonly asksForOtp: boolean
  /** Why the last try failed. */
  readonly complaint?: string
}

/** The page for signing in: a form that is posted to where the page came from. */
export function signInPage({ realm, asksForOtp, complaint }: SignInPage): string {
  const otp = asksForOtp
    ? '<label>One-time code <input name="otp" inputmode="numeric" autocomplete="one-time-code"></label>\n'
    : ''
  const alert = complaint === undefined ? '' : `<p role="alert">${escapeXml(complaint)}</p>\n`
  return page(
    `Sign in to ${realm}`,
    `${alert}<form method="post">
<label>User name or email <input name="username" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
${otp}<button type="submit">Sign in</button>
</form>`,
  )
}

/** A page that says why a person cannot go on. */
export function complaintPage(complaint: string): string {
  return page('This does not work', `<p role="alert">${escapeXml(complaint)}</p>`)
}

/** A page with one thing to copy. */
export function valuePage(title: string, value: string): string {
  return page(title, `<p><code>${escapeXml(value)}</code></p>`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeXml(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem }
label, input, button { display: block; width: 100%; box-sizing: border-box; margin-bottom: 1rem; font: inherit }
code { overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${body}
<p><small>Emulated: nothing here reaches Jottacloud.</small></p>
</body>
</html>
`
}
