import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { all } from '../../../test/support/recorded-run.ts'
import { sourceFromBytes } from '../../core/source.ts'

let account: EmulatedJottacloud

beforeAll(async () => {
  account = await emulatedJottacloud()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

const files = 60

/** Requests that `work` costs a remote that has not asked for anything yet. */
async function costOf(work: (remote: ReturnType<EmulatedJottacloud['remote']>) => Promise<unknown>): Promise<number> {
  const remote = account.remote()
  account.emulator.counters.reset()
  await work(remote)
  return account.emulator.counters.of().requests
}

describe('requests are few', () => {
  test('for new files: two each', async () => {
    const cost = await costOf(async (remote) => {
      for (let i = 0; i < files; i++) {
        await remote.write(`new/sub ${i % 3}/file ${i}`, sourceFromBytes(Buffer.from(`new ${i}`)))
      }
    })
    expect(cost / files).toBeLessThanOrEqual(2.05)
  })

  test('for content that the service knows: one each', async () => {
    const cost = await costOf(async (remote) => {
      for (let i = 0; i < files; i++) await remote.write(`known/file ${i}`, sourceFromBytes(Buffer.from('new 1')))
    })
    expect(cost / files).toBeLessThanOrEqual(1.05)
  })

  test('for a recursive listing: one, and none for the user', async () => {
    let entries = 0
    const cost = await costOf(async (remote) => {
      entries = (await all(remote.listAll?.('new') ?? expect.fail())).flat().length
    })
    expect(entries).toBe(files + 3)
    expect(cost).toBe(1)
  })

  test('for names that are stored in another form: no more', async () => {
    const cost = await costOf(async (remote) => {
      await all(remote.list(''))
      for (let i = 0; i < files; i++) await remote.write(`50% ${i}?`, sourceFromBytes(Buffer.from(`odd ${i}`)))
    })
    expect(cost / files).toBeLessThanOrEqual(2.05)
  })
})

test.each(['stored', 'requested'] as const)(
  'a recursive listing keeps the spelling that was asked for, with a service that echoes the %s one',
  async (listStreamSpelling) => {
    await using other = await emulatedJottacloud({ dialect: { listStreamSpelling } })
    const remote = other.remote()
    await remote.write('Dir/Sub/File', sourceFromBytes(Buffer.from('x')))
    const listed = (await all(remote.listAll?.('dIR') ?? expect.fail())).flat().map((entry) => entry.path)
    expect(listed.toSorted()).toEqual(['dIR/Sub', 'dIR/Sub/File'])
    expect(await remote.stat('dIR/Sub/File')).toMatchObject({ kind: 'file' })
  },
)
