import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Environment } from '../../options/resolve.ts'
import { fileError } from '../file-error.ts'
import type { Terminal } from '../terminal.ts'
import { answerPrefix } from './draft.ts'

/** What variables that hold answers begin with. */
export const answerVariable = 'FJORD_CONFIG_'

/** Keys and values as typed behind `config create`. */
export type Parameters = Readonly<Record<string, string>>

/** Answers that were given before they are asked for. */
export interface Answers {
  /** Whether a question of that name would be answered. */
  has(name: string): boolean
  /** The answer to a question, once: who is asked again has to find another. */
  take(name: string): Promise<string | undefined>
}

/** Where answers may be read from. */
export interface AnswerSources {
  readonly environment: Environment
  readonly cwd: string
  readonly terminal: Terminal
}

/**
 * The answer to the question `config_x` is the parameter `config_x`; or, so that no secret stands in a command line, what the
 * file named by `config_x_file` holds (`-` is a line of standard input), or the variable `FJORD_CONFIG_X`. A login token is no
 * file name: `config_login_token=-` and `config_login_token=@FILE` are the same as with `_file`.
 */
export function createAnswers(parameters: Parameters, sources: AnswerSources): Answers {
  const taken = new Set<string>()
  const find = (name: string): Found | undefined => (taken.has(name) ? undefined : lookUp(name, parameters, sources))
  return {
    has: (name) => find(name) !== undefined,
    async take(name) {
      const found = find(name)
      if (!found) return undefined
      taken.add(name)
      return 'text' in found ? found.text : await readAnswer(found.file, sources)
    },
  }
}

/** Whether a parameter asks for anything of a login, beyond how it is to be made. */
export function isLoginAnswer(key: string): boolean {
  return key.startsWith(answerPrefix) && key !== 'config_refresh_token' && key !== 'config_fs_advanced'
}

type Found = { readonly text: string } | { readonly file: string }

function lookUp(name: string, parameters: Parameters, { environment }: AnswerSources): Found | undefined {
  const given = own(parameters, name)
  if (given !== undefined) return name === 'config_login_token' ? tokenSource(given) : { text: given }
  if (!name.startsWith(answerPrefix)) return undefined
  const file = own(parameters, `${name}_file`)
  if (file !== undefined) return { file }
  const variable = environment[`${answerVariable}${name.slice(answerPrefix.length).toUpperCase()}`]
  return variable ? { text: variable } : undefined
}

function tokenSource(given: string): Found {
  if (given === '-') return { file: '-' }
  return given.startsWith('@') ? { file: given.slice(1) } : { text: given }
}

function own(parameters: Parameters, key: string): string | undefined {
  return Object.hasOwn(parameters, key) ? parameters[key] : undefined
}

async function readAnswer(file: string, { cwd, terminal }: AnswerSources): Promise<string> {
  if (file === '-') return await terminal.secret('', 'stderr')
  try {
    return (await readFile(resolve(cwd, file), 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw fileError(error, `could not read "${file}"`)
  }
}
