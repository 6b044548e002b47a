import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAccount, fjord } from './fjord.ts'

const mebi = 1024 * 1024

test('a download comes in several streams from 16 MiB up, unless one of the two flags is set anywhere', async () => {
  await using account = await createAccount()
  const { home } = account
  const content = randomBytes(20 * mebi)
  writeFileSync(join(home, 'big'), content)
  expect(await account.run('copy', 'big', 'jotta:')).toMatchObject({ status: 0 })

  const download = async (source: string, args: readonly string[] = [], env = {}): Promise<string> => {
    const ran = await fjord(['copyto', '-v', '--ignore-times', source, 'back', ...args], { home, env })
    expect(ran.status).toBe(0)
    expect(readFileSync(join(home, 'back')).equals(content)).toBe(true)
    return /Multi-thread Copied|Copied/.exec(ran.stderr)?.[0] ?? ran.stderr
  }
  const [one, several] = ['Copied', 'Multi-thread Copied']
  expect(await download('jotta:big')).toBe(several)
  expect(await download('jotta:big', ['--multi-thread-chunk-size', '2Mi'])).toBe(several)
  expect(await download('jotta:big', ['--multi-thread-streams', '4'])).toBe(one)
  expect(await download('jotta:big', ['--multi-thread-cutoff', '256Mi'])).toBe(one)
  expect(await download('jotta:big', ['--multi-thread-cutoff', '1Mi'])).toBe(several)
  expect(await download('jotta:big', [], { RCLONE_MULTI_THREAD_STREAMS: '4' })).toBe(one)
  expect(await download('jotta,global.multi_thread_cutoff=256Mi:big')).toBe(one)
})
