import { describe } from 'vitest'
import { dataSafety } from '../../../test/support/data-safety.ts'
import { fuzz, randomDialects, singleAnswers } from '../../../test/support/dialects.ts'
import { inDialect } from '../../../test/support/emulated-jottacloud.ts'
import { worstDialect } from '../../emulator/index.ts'
import type { JottacloudOptions } from './index.ts'

/** The questions that copies, moves and names turn on; the others have their turn in longer runs (FJORD_FUZZ). */
const decisive = /^(copyOnto|moveOnto|moveFolder|movedRev|cphash|trashed|normalisation|caseFolding)/
const options: readonly Partial<JottacloudOptions>[] = [{}, { noVersions: true, hardDelete: true }]
const byChance = randomDialects(4)

for (const option of options) {
  const single = option.noVersions ? [] : singleAnswers.filter(([what]) => decisive.test(what))
  const chosen = [...(fuzz > 1 ? singleAnswers : single), ...byChance]
  for (const [what, dialect] of [['by default', {}] as const, ['the worst', worstDialect] as const, ...chosen]) {
    describe(`nothing is lost, with ${JSON.stringify(option)}, in the dialect ${what}`, () => {
      dataSafety(inDialect(dialect), option)
    })
  }
}
