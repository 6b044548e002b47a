import type { RemoteEnv } from '../../../core/env.ts'
import { StorageError } from '../../../core/errors.ts'
import type { Conversation, Step, Turn } from '../../../options/conversation.ts'
import type { JottacloudValues } from '../options.ts'
import { legacyStates } from './legacy-states.ts'
import { loginTokenHint } from './login-token.ts'
import { placeStates } from './place-states.ts'
import { loginTokenQuestion, typeQuestion } from './questions.ts'
import type { Stage, StageSetup } from './stage.ts'
import { answerTo, ask, createStage, keep } from './stage.ts'
import { standardLogin } from './standard.ts'
import { traditionalStates } from './traditional-states.ts'

/**
 * How a Jottacloud remote is set up: the login, then device and mountpoint. States have rclone's names where it has them
 * (rclone's surface §7.5); all that is known between two of them is in the section. A login that exists is touched when the
 * new one works.
 * @throws StorageError 'config' for an address that a login must not be sent to
 */
export function createConversation(env: RemoteEnv, values: JottacloudValues, setup?: StageSetup): Conversation {
  const stage = createStage(env, values, setup)
  return {
    ...typeStates,
    ...standardStates(stage),
    ...legacyStates(stage),
    ...traditionalStates(stage),
    ...placeStates(stage),
  }
}

/** `config_type` and the state that follows; telia is the older name of telia_se. */
const types: Readonly<Record<string, string>> = {
  '': 'standard',
  standard: 'standard',
  legacy: 'legacy',
  telia: 'telia_se',
  telia_se: 'telia_se',
  telia_no: 'telia_no',
  tele2: 'tele2',
  onlime: 'onlime',
  traditional: 'traditional',
}

const typeStates: Conversation = {
  '': () => Promise.resolve(ask(typeQuestion, 'auth_type_done')),
  auth_type_done: (turn) => Promise.resolve(afterType(turn)),
}

function afterType({ answer }: Turn): Step {
  const state = Object.hasOwn(types, answer) ? types[answer] : undefined
  if (state !== undefined) return { goto: state }
  const known = Object.keys(types).filter((type) => type !== '')
  throw new StorageError('usage', `unknown state "${answer}": config_type is one of ${known.join(', ')}`, {
    details: { operation: 'login' },
  })
}

function standardStates(stage: Stage): Conversation {
  return {
    standard: () => Promise.resolve(ask(loginTokenQuestion, 'standard_token')),
    standard_token: async (turn) => {
      const token = answerTo(turn, loginTokenQuestion, loginTokenHint)
      const { tokenUrl } = stage
      const { now } = stage.env
      const result = await stage.withClient((client) =>
        standardLogin(client, token, { tokenUrl, signal: turn.signal, now }),
      )
      keep(turn, result)
      return { goto: 'choose_device' }
    },
  }
}
