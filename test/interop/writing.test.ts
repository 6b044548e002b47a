import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

// docs/protocol.md §7.1, items in brackets.
describe.skipIf(rcloneVersion === undefined)('rclone writes', () => {
  let account: Interop

  beforeAll(async () => {
    account = await createInterop()
  })

  afterAll(() => account[Symbol.asyncDispose]())

  const counted = (...args: string[]): Promise<Record<string, number>> =>
    account.requests(() => account.rclone(...args))

  test('files with their folders, without making these first [11, 14, 35]', async () => {
    account.files('tree', { 'a.txt': 'hello', 'sub/deep/b.txt': 'world!', empty: '' })
    const counts = await counted('copy', 'tree', 'j:tree')
    expect(counts).toMatchObject({ allocate: 3, upload: 3 })
    expect(counts).not.toHaveProperty('mkDir')
    expect(await account.contents('tree')).toEqual({ 'a.txt': 'hello', 'sub/deep/b.txt': 'world!', empty: '' })
    expect(await account.rclone('lsf', '--format', 't', 'j:tree/a.txt')).toBe('2020-07-01 12:00:00\n')
  })

  test('nothing again that is there', async () => {
    const counts = await counted('copy', 'tree', 'j:tree')
    expect(counts).not.toHaveProperty('allocate')
    expect(counts).not.toHaveProperty('cphash')
  })

  test('no bytes that the account has [12, 37]', async () => {
    const counts = await counted('copy', 'tree/a.txt', 'j:second')
    expect(counts).toMatchObject({ allocate: 1 })
    expect(counts).not.toHaveProperty('upload')
    expect(await account.rclone('cat', 'j:second/a.txt')).toBe('hello')
  })

  test('only the time where only that changed, also from another zone [15, 36]', async () => {
    await account.rclone('touch', '-t', '2021-02-03T04:05:06', 'tree/a.txt')
    const counts = await account.requests(async () => {
      await account.tryRclone(['copy', 'tree', 'j:tree'], { env: { TZ: 'Asia/Kathmandu' } })
    })
    expect(counts).toMatchObject({ cphash: 1 })
    expect(counts).not.toHaveProperty('allocate')
    expect(await account.rclone('lsf', '--format', 't', 'j:tree/a.txt')).toBe('2021-02-03 04:05:06\n')
  })

  test('a new revision where the content changed [34]', async () => {
    account.files('tree', { 'a.txt': 'changed' })
    expect(await counted('copy', 'tree', 'j:tree')).toMatchObject({ allocate: 1, upload: 1 })
    expect(await account.rclone('cat', 'j:tree/a.txt')).toBe('changed')
  })

  test('times by touch, and an empty file where there was none [16]', async () => {
    expect(await counted('touch', '-t', '2022-01-02T03:04:05', 'j:tree/a.txt')).toMatchObject({ cphash: 1 })
    expect(await account.rclone('lsf', '--format', 'ts', 'j:tree/a.txt')).toBe('2022-01-02 03:04:05;7\n')
    expect(await counted('touch', 'j:touched/new.txt')).toMatchObject({ allocate: 1 })
    expect(await account.rclone('lsf', '--format', 'sp', 'j:touched')).toBe('0;new.txt\n')
  })

  test('what comes by standard input [17]', async () => {
    const piped = 'piped\n'.repeat(50_000)
    const rcat = (target: string, input: string): Promise<unknown> => account.tryRclone(['rcat', target], { input })
    expect(await account.requests(() => rcat('j:rcat/small', 'one line'))).toMatchObject({ allocate: 1, upload: 1 })
    await rcat('j:rcat/larger', piped)
    expect(await account.rclone('cat', 'j:rcat/small')).toBe('one line')
    expect(await account.rclone('cat', 'j:rcat/larger')).toBe(piped)
  })

  test('folders, again without harm [18]', async () => {
    expect(await counted('mkdir', 'j:made/deep')).toMatchObject({ mkDir: 1 })
    await account.rclone('mkdir', 'j:made/deep')
    expect(await account.rclone('lsf', '-R', 'j:made')).toBe('deep/\n')
  })

  test('a mirror: what is gone here goes there [sync]', async () => {
    account.files('mirror', { keep: 'k', 'old/gone': 'g' })
    await account.rclone('sync', 'mirror', 'j:mirror')
    await account.rclone('purge', 'mirror/old')
    account.files('mirror', { keep: 'kept', fresh: 'f' })
    expect(await counted('sync', 'mirror', 'j:mirror')).toMatchObject({ allocate: 2, dl: 1 })
    expect(await account.contents('mirror')).toEqual({ keep: 'kept', fresh: 'f' })
    expect((await account.tryRclone(['check', 'mirror', 'j:mirror'])).stderr).toContain('0 differences found')
  })

  test('and takes away here what it moved', async () => {
    account.files('moving', { 'a/b': 'moved up' })
    await account.rclone('move', '--delete-empty-src-dirs', 'moving', 'j:moved')
    expect(await account.contents('moved')).toEqual({ 'a/b': 'moved up' })
    expect(await account.rclone('lsf', '-R', 'moving')).toBe('')
    await account.rclone('moveto', 'j:moved/a/b', 'moving/back')
    expect(await account.rclone('cat', 'moving/back')).toBe('moved up')
    expect(await account.contents('moved')).toEqual({})
  })

  test('without keeping versions, if told so [27]', async () => {
    account.files('versions', { file: 'one' })
    await account.rclone('copy', 'versions', 'j:versions')
    account.files('versions', { file: 'three' })
    expect(await counted('copy', '--jottacloud-no-versions', 'versions', 'j:versions')).toMatchObject({ rm: 1 })
    expect(await account.contents('versions')).toEqual({ file: 'three' })
  })

  test('to a device and mountpoint that the command names', async () => {
    const remote = 'j,device=Jotta,mountpoint=Sync:'
    await account.rclone('copy', 'tree', `${remote}here`)
    expect(await account.rclone('cat', `${remote}here/sub/deep/b.txt`)).toBe('world!')
    expect(await account.rclone('lsf', 'j:here').catch(() => 'nothing')).toBe('nothing')
  })

  test('through what other backends make of it: crypt and chunker', async () => {
    const password = (await account.rclone('obscure', 'a secret for tests')).trim()
    await account.rclone('config', 'create', 'c', 'crypt', 'remote=j:crypt', `password=${password}`)
    await account.rclone('copy', 'tree', 'c:')
    expect(await account.rclone('cat', 'c:sub/deep/b.txt')).toBe('world!')
    await account.rclone('config', 'create', 'ch', 'chunker', 'remote=j:chunks', 'chunk_size=4B')
    await account.rclone('copy', 'tree', 'ch:')
    expect(await account.rclone('cat', 'ch:a.txt')).toBe('changed')
    expect(await account.rclone('lsf', 'j:chunks')).toContain('a.txt.rclone_chunk.002')
  })
})
