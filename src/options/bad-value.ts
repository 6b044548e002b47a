import { messageOf, StorageError } from '../core/errors.ts'
import { goQuote } from './go-syntax.ts'

/** The error for a text that is no value of its type; `message` is what follows the flag's name in rclone's words. */
export function badValue(message: string): StorageError {
  return new StorageError('usage', message)
}

/** The error of Go's number readers, which rclone shows as it is. */
export function badSyntax(
  reader: 'ParseFloat' | 'ParseInt' | 'ParseBool',
  text: string,
  why = 'invalid syntax',
): StorageError {
  return badValue(`strconv.${reader}: parsing ${goQuote(text)}: ${why}`)
}

/**
 * Runs `parse`, saying which text was read as what when it fails.
 * @param name the type's name in rclone's messages
 * @throws StorageError 'usage'
 */
export function parseAs<T>(name: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    throw badValue(`parsing ${goQuote(text)} as ${name} failed: ${messageOf(error)}`)
  }
}
