import { afterAll, beforeAll, describe, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import type { Dialect } from '../../emulator/index.ts'
import { defaultDialect, dialects, worstDialect } from '../../emulator/index.ts'
import type { Runner } from '../../testing/index.ts'
import { conformance } from '../../testing/index.ts'
import { dataSafety } from '../../../test/support/data-safety.ts'
import type { JottacloudOptions } from './index.ts'

const fuzz = Number(process.env['FJORD_FUZZ'] ?? 1)

/** Every answer but the default ones, each alone. */
const single: readonly (readonly [string, Partial<Dialect>])[] = Object.entries(dialects).flatMap(([name, answers]) =>
  answers
    .filter((answer: unknown) => answer !== Reflect.get(defaultDialect, name))
    .map((answer) => [`${name}: ${answer}`, { [name]: answer }] as const),
)
/** The questions that copies, moves and names turn on; the others have their turn in longer runs (FJORD_FUZZ). */
const decisive = /^(copyOnto|moveOnto|moveFolder|movedRev|cphash|trashed|normalisation|caseFolding)/
const options: readonly Partial<JottacloudOptions>[] = [{}, { noVersions: true, hardDelete: true }]

/** A service that moves times into the range of its choice keeps the files all the same. */
const runner: Runner = {
  describe,
  test: (name, body) => (name === 'times are kept as exactly as the facts say' ? undefined : test(name, body)),
}

function withAccount(dialect: Partial<Dialect>, body: (account: () => EmulatedJottacloud) => void): void {
  let account: EmulatedJottacloud | undefined
  beforeAll(async () => {
    account = await emulatedJottacloud({ dialect })
  })
  afterAll(async () => {
    await account?.[Symbol.asyncDispose]()
  })
  body(() => {
    if (!account) throw new Error('the account is made before the tests')
    return account
  })
}

for (const option of options) {
  describe(`what every remote does, with ${JSON.stringify(option)}`, () => {
    for (const [what, dialect] of [['the worst', worstDialect] as const, ...(fuzz > 1 ? single : [])]) {
      describe(`in the dialect ${what}`, () => {
        withAccount(dialect, (account) => {
          let trials = 0
          conformance(runner, async () => {
            const remote = account().remote(option)
            const root = `trial ${++trials}`
            await remote.mkdir(root)
            return { remote, root, dispose: async () => remote.close?.() }
          })
        })
      })
    }
  })

  describe(`nothing is lost, with ${JSON.stringify(option)}`, () => {
    const chosen = fuzz > 1 ? single : option.noVersions ? [] : single.filter(([what]) => decisive.test(what))
    for (const [what, dialect] of [['by default', {}] as const, ['the worst', worstDialect] as const, ...chosen]) {
      describe(`in the dialect ${what}`, () => {
        withAccount(dialect, (account) => dataSafety(account, option))
      })
    }
  })
}
