import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { treeOf } from '../../../test/support/recorded-run.ts'

const temporary = '.fjord-moved-0123456789abcdef'
let account: EmulatedJottacloud
let dir = ''
let made = 0

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(() => {
  dir = `trial ${++made}`
  account.emulator.seed([
    { path: `Archive/${dir}/${temporary}/FILE`, content: 'on its way to another spelling' },
    { path: `Archive/${dir}/sub/other`, content: 'x' },
  ])
})
afterAll(() => account[Symbol.asyncDispose]())

test.each([
  ['a directory beside it', 'sub', 'SUB', 'SUB'],
  ['it, for a directory like others,', temporary, temporary.toUpperCase(), 'sub'],
])('who renames %s brings a renaming to its end that was cut off', async (_, from, to, left) => {
  const remote = account.remote()
  await treeOf(remote, dir)
  await remote.moveDir?.(`${dir}/${from}`, `${dir}/${to}`)
  expect(Object.keys(await treeOf(remote, dir)).toSorted()).toEqual(
    [`${dir}/FILE`, `${dir}/${left}/`, `${dir}/${left}/other`].toSorted(),
  )
})
