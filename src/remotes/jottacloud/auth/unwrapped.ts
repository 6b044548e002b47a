/** What was pasted, without the white space, quotes and angle brackets that it stood in. */
export function unwrapped(pasted: string): string {
  return pasted.replaceAll(/^[\s"'`<]+|[\s"'`>]+$/g, '')
}
