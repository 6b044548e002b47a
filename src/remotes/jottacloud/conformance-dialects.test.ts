import { describe, test } from 'vitest'
import { inDialect } from '../../../test/support/emulated-jottacloud.ts'
import { fuzz, randomDialects, singleAnswers } from '../../../test/support/dialects.ts'
import { worstDialect } from '../../emulator/index.ts'
import type { Runner } from '../../testing/index.ts'
import { conformance } from '../../testing/index.ts'
import type { JottacloudOptions } from './index.ts'

const options: readonly Partial<JottacloudOptions>[] = [{}, { noVersions: true, hardDelete: true }]

/** The gate has a share of the single answers, and each dialect with one of the options in turn. */
const single = singleAnswers.filter((_, at) => fuzz > 1 || at % 19 === 5)
const dialects = [...single, ...randomDialects(2)].map((dialect, at) => [at, ...dialect] as const)

/** A service that moves times into the range of its choice keeps the files all the same. */
const exceptTimes: Runner = {
  describe,
  test: (name, body) => (name === 'times are kept as exactly as the facts say' ? undefined : test(name, body)),
}

for (const [which, option] of options.entries()) {
  const chosen = dialects.filter(([at]) => fuzz > 1 || at % options.length === which)
  for (const [, what, dialect] of [[0, 'the worst', worstDialect] as const, ...chosen]) {
    describe(`what every remote does, with ${JSON.stringify(option)}, in the dialect ${what}`, () => {
      const account = inDialect(dialect)
      let trials = 0
      conformance(dialect.oddTimes === 'clamped' ? exceptTimes : { describe, test }, async () => {
        const remote = account().remote(option)
        const root = `trial ${++trials}`
        await remote.mkdir(root)
        return { remote, root, dispose: async () => remote.close?.() }
      })
    })
  }
}
