import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createAccount } from './fjord.ts'

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

test('a wrong entry of the hash cache loses nothing: what is sent, checked or shown is read anew; a damaged one heals', async () => {
  await using account = await createAccount()
  const { home } = account
  const cache = ['--cache-dir', join(home, 'cache')]
  const run = (...args: readonly string[]) => account.run(...args, ...cache)
  const [content, known] = ['the content', 'of another']
  for (const dir of ['mine', 'other']) mkdirSync(join(home, dir))
  writeFileSync(join(home, 'mine/file'), content)
  writeFileSync(join(home, 'other/known'), known)
  utimesSync(join(home, 'mine/file'), 1_600_000_000, 1_600_000_000)
  await run('copy', 'other', 'jotta:other')
  await setTimeout(2100) // what has changed within two seconds of being read is not remembered
  expect(await run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  expect(await run('copy', '-c', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  const records = join(home, 'cache/hashes-1')
  const [record] = readdirSync(records, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  if (record === undefined) return // this disk tells no change for certain
  const path = join(records, record)
  const poison = (hash: string): void => {
    const body =
      readFileSync(path, 'utf8')
        .split('\n')[1]
        ?.replace(/[0-9a-f]{32}/, hash) ?? ''
    writeFileSync(path, `${md5(body)}\n${body}`)
  }

  poison(md5(known))
  const misled = await run('copy', '-c', '-v', 'mine', 'jotta:m')
  expect(misled).toMatchObject({ status: 0, stderr: expect.stringContaining('file: Copied (replaced existing)') })
  expect((await run('cat', 'jotta:m/file')).stdout).toBe(content)
  poison(md5(known))
  expect((await run('md5sum', 'mine')).stdout).toBe(`${md5(content)}  file\n`)
  poison(md5(known))
  expect(await run('check', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  poison(md5(known))
  const apart = await run('copy', '-c', '-v', '--no-hash-cache', 'mine', 'jotta:m')
  expect(apart.stderr).toContain('There was nothing to transfer')
  // The service has content of the remembered MD5, and would take it for sent
  for (const flags of [[], ['-c']]) {
    poison(md5(known))
    expect(await run('copy', ...flags, 'mine', `jotta:new${flags.length}`)).toMatchObject({ status: 0 })
    expect((await run('cat', `jotta:new${flags.length}/file`)).stdout).toBe(content)
  }
  for (const damage of ['', 'x', readFileSync(path, 'utf8').slice(0, -3)]) {
    writeFileSync(path, damage)
    expect((await run('copy', '-c', '-v', 'mine', 'jotta:m')).stderr).toContain('There was nothing to transfer')
    expect(readFileSync(path, 'utf8')).toContain(md5(content))
  }
})
