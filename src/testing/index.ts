import { cancelTests } from './conformance/cancel.ts'
import { errorTests } from './conformance/errors.ts'
import { extraTests } from './conformance/extras.ts'
import { listTests } from './conformance/list.ts'
import { moveTests } from './conformance/move.ts'
import { nameTests } from './conformance/names.ts'
import { readTests } from './conformance/read.ts'
import type { Runner, Subject, Tests } from './conformance/trial.ts'
import { createTrial } from './conformance/trial.ts'
import { writeTests } from './conformance/write.ts'

export type { Runner, Subject } from './conformance/trial.ts'

/**
 * Declares the tests that every remote must pass: what callers rely on beyond the types of `Remote`. Capabilities are
 * tested where the remote has them. Asserts with node:assert, so that any runner will do:
 *
 *     import { describe, test } from 'vitest'
 *     describe('my remote', () => conformance({ describe, test }, makeSubject))
 *
 * @param make gives a remote and an empty directory on it, for each test anew; `dispose` is called when the test is over
 */
export function conformance(runner: Runner, make: () => Promise<Subject>): void {
  for (const [section, tests] of Object.entries(sections))
    runner.describe(section, () => {
      for (const [name, body] of Object.entries(tests))
        runner.test(name, async () => {
          const subject = await make()
          try {
            await body(createTrial(subject))
          } finally {
            await subject.dispose()
          }
        })
    })
}

const sections: Readonly<Record<string, Tests>> = {
  list: listTests,
  read: readTests,
  write: writeTests,
  move: moveTests,
  names: nameTests,
  errors: errorTests,
  extras: extraTests,
  cancel: cancelTests,
}
