import { isStorageError, messageOf, StorageError } from '../../../core/errors.ts'
import { parseTokenBlob } from '../../../core/token-blob.ts'
import type { Conversation, Step, Turn } from '../../../options/conversation.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import { parseObject, stringIn } from '../api/json.ts'
import { openBrowser } from './browser.ts'
import type { Brand } from './brands.ts'
import { brandOf } from './brands.ts'
import { discoverBrand } from './discovery.ts'
import { parseHandOver } from './hand-over.ts'
import { brandQuestion, isLocalQuestion, pastedQuestion } from './questions.ts'
import { awaitRedirect } from './redirect-listener.ts'
import type { Stage } from './stage.ts'
import { answerTo, ask, isYes, keep } from './stage.ts'
import type { Pending, TraditionalDeps } from './traditional.ts'
import { beginTraditional, belongsTo, finishTraditional } from './traditional.ts'
import { unwrapped } from './unwrapped.ts'

// A key that the section has only while a login in a browser is under way; its name has it hidden where secrets are.
const pendingKey = 'login_secret'

/** The states of a login in a browser. The shorthands of `config_type` are states of the same names. */
export function traditionalStates(stage: Stage): Conversation {
  return {
    traditional: () => Promise.resolve(ask(brandQuestion, 'traditional_type')),
    traditional_type: (turn) => {
      try {
        return Promise.resolve(chosen(turn, brandOf(turn.answer || 'jottacloud')))
      } catch (error) {
        return Promise.resolve(stage.again('traditional', error))
      }
    },
    telia_se: shorthand('telia_se'),
    telia_no: shorthand('telia_no'),
    tele2: shorthand('tele2'),
    onlime: shorthand('onlime'),
    traditional_is_local: async (turn) => {
      if (!isYes(turn, isLocalQuestion)) return { goto: 'traditional_elsewhere' }
      const result = await stage.withClient((client) =>
        loginHere(stage, pendingBrand(turn), depsOf(stage, client, turn)),
      )
      return finished(turn, result)
    },
    traditional_elsewhere: async (turn) => {
      const brand = pendingBrand(turn)
      const { url, pending } = await stage.withClient((client) =>
        beginTraditional(brand, redirectUri(stage), depsOf(stage, client, turn)),
      )
      turn.set(pendingKey, JSON.stringify({ brand: brand.key, url, ...pending }))
      return { goto: 'traditional_ask_pasted' }
    },
    traditional_ask_pasted: (turn) => {
      const url = stringIn(pendingOf(turn), 'url') ?? ''
      return Promise.resolve(ask(pastedQuestion(url, pendingBrand(turn).key), 'traditional_pasted'))
    },
    traditional_pasted: async (turn) => {
      try {
        return finished(turn, await loginPasted(stage, turn))
      } catch (error) {
        if (isStorageError(error, 'invalid-argument')) return stage.again('traditional_ask_pasted', error)
        if (isStorageError(error, 'auth')) return stage.again('traditional_elsewhere', error)
        throw error
      }
    },
  }
}

function shorthand(key: string): Conversation[string] {
  return (turn) => Promise.resolve(chosen(turn, brandOf(key)))
}

/** Logs in in the browser of this machine. */
export async function loginHere(stage: Stage, brand: Brand, deps: TraditionalDeps): Promise<LoginResult> {
  const { url, pending } = await beginTraditional(brand, redirectUri(stage), deps)
  const { log } = stage.env
  const notice = (text: string): void => log.log({ level: 'NOTICE', text })
  return await awaitRedirect({
    port: stage.redirectPort,
    signal: deps.signal,
    async ready() {
      const opened = await openBrowser(url, stage.env.http.environment)
      notice(
        `${opened ? 'If your browser does not open by itself, go to' : 'Go in your browser to'} this address: ${url}`,
      )
      notice(`Waiting for you to log in to ${brand.name}`)
    },
    isOurs: (address) => belongsTo(pending, address),
    onStray: () => notice('An answer that belongs to another login was refused'),
    finish: (redirected) => finishTraditional(brand, { pending, redirected }, deps),
  })
}

/** How a login in a browser is made here. */
export function depsOf(
  { env, authUrl, tokenUrl }: Stage,
  client: TraditionalDeps['client'],
  { signal }: Pick<Turn, 'signal'>,
): TraditionalDeps {
  return { client, signal, now: env.now, authUrl, tokenUrl }
}

function redirectUri({ redirectPort }: Stage): string {
  return `http://localhost:${redirectPort}/`
}

function chosen(turn: Turn, brand: Brand): Step {
  turn.set(pendingKey, JSON.stringify({ brand: brand.key }))
  return ask(isLocalQuestion, 'traditional_is_local')
}

function pendingOf(turn: Turn): Readonly<Record<string, unknown>> {
  return parseObject(turn.get(pendingKey) ?? '') ?? {}
}

function pendingBrand(turn: Turn): Brand {
  const key = stringIn(pendingOf(turn), 'brand')
  if (key !== undefined) return brandOf(key)
  throw new StorageError('invalid-argument', 'No login in a browser is under way', {
    details: { operation: 'login', hint: 'Begin again with config_type=traditional.' },
  })
}

function finished(turn: Turn, result: LoginResult): Step {
  if (turn.unset) turn.unset(pendingKey)
  else turn.set(pendingKey, '')
  keep(turn, result)
  return { goto: 'choose_device' }
}

async function loginPasted(stage: Stage, turn: Turn): Promise<LoginResult> {
  const pasted = unwrapped(answerTo(turn, pastedQuestion('', '')))
  const handed = parseHandOver(pasted)
  if (handed) return handed
  const brand = pendingBrand(turn)
  if (pasted.startsWith('{')) return await loginOfBlob(stage, turn, { brand, pasted })
  const redirected = redirectedTo(pasted)
  const pending = readPending(pendingOf(turn))
  return await stage.withClient((client) =>
    finishTraditional(brand, { pending, redirected }, depsOf(stage, client, turn)),
  )
}

/** A token alone, as rclone's own authorize prints it. */
async function loginOfBlob(
  stage: Stage,
  turn: Turn,
  { brand, pasted }: { readonly brand: Brand; readonly pasted: string },
): Promise<LoginResult> {
  const token = parseToken(pasted)
  const { signal } = turn
  const provider = await stage.withClient((client) => discoverBrand(client, brand, signal))
  const tokenURL = stage.tokenUrl || provider.tokenUrl
  return { token, keys: { configVersion: '1', client_id: brand.clientId, tokenURL } }
}

function parseToken(pasted: string): LoginResult['token'] {
  try {
    return parseTokenBlob(pasted, 'jottacloud', 'that was pasted')
  } catch (error) {
    throw new StorageError('invalid-argument', messageOf(error), { details: { operation: 'login' } })
  }
}

function redirectedTo(pasted: string): URL {
  const text = pasted.replaceAll(/\s/g, '').replaceAll('&amp;', '&')
  const whole = /^(?:[?&]|(?:code|state|session_state|iss|error)=)/.test(text)
    ? `http://localhost/?${text.replace(/^[?&]/, '')}`
    : text
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (url && (url.searchParams.has('code') || url.searchParams.has('error'))) return url
  throw new StorageError(
    'invalid-argument',
    'This is neither the address at which a login ended nor what "fjord authorize" prints',
    {
      details: {
        operation: 'login',
        hint: 'The address begins with http://localhost:53682/ and has code= and state= in it; paste all of it.',
      },
    },
  )
}

function readPending(fields: Readonly<Record<string, unknown>>): Pending {
  const text = (key: string): string => stringIn(fields, key) ?? ''
  return { state: text('state'), verifier: text('verifier'), nonce: text('nonce'), redirectUri: text('redirectUri') }
}
