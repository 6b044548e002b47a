const secretKeys = /pass|secret|token(?!_?url)|api_?key|private_?key|credential|cookie|bearer|auth_code/i
const personalKeys = /^(?:user|username|account|email|client_id|host)$/i

/** Whether a key of a config section has a value that nobody should see, by its name alone. */
export function isSecretKey(key: string): boolean {
  return secretKeys.test(key)
}

/** Whether a key may tell who somebody is. */
export function isPersonalKey(key: string): boolean {
  return personalKeys.test(key)
}

/** A text with the secrets of connection strings and of addresses in it hidden. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([,_](?:token|secret|pass\w*)=)("(?:[^"]|"")*"|'(?:[^']|'')*'|[^,:]*)/gi, '$1XXX')
    .replace(/(:\/\/[^:/?#\s]*:)[^@/?#\s]*@/g, '$1XXX@')
}
