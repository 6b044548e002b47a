/**
 * Signs in on the emulator's page as a person does.
 * @param url the address that a login sent the browser to
 * @returns the address that the browser is sent back to
 */
export async function signIn(
  url: string,
  person: { readonly email: string; readonly password: string; readonly otp?: string | undefined },
): Promise<string> {
  const { email, password, otp = '' } = person
  const body = new URLSearchParams({ username: email, password, otp })
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  const location = response.headers.get('location')
  if (location === null) throw new Error(`not sent back: ${response.status} ${await response.text()}`)
  return location
}
