import { describe, expect, test } from 'vitest'
import { heldBytes } from '../../../../test/support/collect-garbage.ts'
import type { StreamItem } from './list-stream.ts'
import { readListStream } from './list-stream.ts'

const file = (path: string, name: string): string =>
  `<file><path>${path}</path><filename>${name}</filename><md5>0123456789ABCDEF0123456789abcdef</md5><size>318</size>
   <modified>2026-03-01T11:10:13.000Z</modified><created>2026-03-01T11:10:13.000Z</created></file>`
const folder = (path: string): string => `<folder><path>${path}</path></folder>`
const stats = (folders: number, files: number): string =>
  `<stats><folders>${folders}</folders><files>${files}</files></stats>`

async function read(content: string, root = 'filelist'): Promise<readonly StreamItem[]> {
  const text = `<?xml version="1.0" encoding="UTF-8"?><${root}>${content}</${root}>`
  const items: StreamItem[] = []
  for await (const page of readListStream(pieces(text))) items.push(...page)
  return items
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 50) yield await Promise.resolve(Buffer.from(text.slice(at, at + 50)))
}

describe('a recursive listing', () => {
  test('may name every folder, or only those without files', async () => {
    const both = [
      folder('/Archive') + folder('/Archive/dir') + file('/Archive/dir', 'a') + file('/Archive/dir', 'b') + stats(2, 2),
      stats(2, 2) + folder('/Archive') + file('/Archive/dir', 'a') + file('/Archive/dir', 'b'),
    ]
    for (const text of both) {
      expect(await read(text)).toMatchObject([
        { kind: 'dir', path: '/Archive' },
        { kind: 'dir', path: '/Archive/dir' },
        { kind: 'file', path: '/Archive/dir', name: 'a', size: 318, md5: '0123456789abcdef0123456789abcdef' },
        { kind: 'file', path: '/Archive/dir', name: 'b' },
      ])
    }
  })

  test.each([
    ['a file less than counted', folder('/Archive') + stats(1, 1)],
    ['a folder less than counted', file('/Archive', 'a') + stats(2, 1)],
    ['a file more than counted', file('/Archive', 'a') + stats(1, 0)],
    ['no count', folder('/Archive')],
    ['nothing at all, not even a count of nothing', ''],
  ])('with %s is not whole', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'protocol', retry: 'later' })
  })

  test('of a file is none', async () => {
    await expect(read('<path>/u/Jotta/Archive</path>', 'file')).rejects.toMatchObject({ code: 'not-dir' })
  })

  test('that breaks off fails', async () => {
    await expect(read(`${folder('/Archive')}${stats(1, 0)}<file>`)).rejects.toMatchObject({ code: 'protocol' })
  })
})

test('of a listing that has been read, no more is held than the names of its folders', async () => {
  const [folders, files] = [2000, 100_000]
  async function* document(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('<filelist>\n')
    for (let i = 0; i < files; i += 200) {
      const items = Array.from({ length: 200 }, (_, j) => {
        const holder = `<path>/Archive/a folder with a longer name ${Math.floor((i + j) / (files / folders))}</path>`
        return `  <file>\n    ${holder}\n    <filename>file number ${i + j}</filename>\n    <size>1</size>\n  </file>\n`
      })
      yield await Promise.resolve(Buffer.from(items.join('')))
    }
    held = heldBytes()
    yield Buffer.from(`${stats(folders, files)}</filelist>`)
  }
  let held = 0
  let seen = 0
  const before = heldBytes()
  for await (const page of readListStream(document())) seen += page.length
  expect(seen).toBe(folders + files)
  expect((held - before) / 1024 / 1024).toBeLessThan(3)
})
