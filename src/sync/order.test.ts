import { describe, expect, test } from 'vitest'
import type { Transfer } from './action.ts'
import { parseOrder } from './order.ts'

function transfer(path: string, size = 0, modified = 0n): Transfer {
  const source = { kind: 'file', path, size, modified, hashes: {} } as const
  return { kind: 'transfer', path, target: path, source, dest: undefined }
}

async function sorted(text: string, transfers: readonly Transfer[]): Promise<readonly string[]> {
  const order = await parseOrder(text, 1)
  if (!order) throw new Error('no order')
  return transfers.toSorted(order.compare).map(({ path }) => path)
}

async function backwards(text: string, workers: number): Promise<number | undefined> {
  return (await parseOrder(text, workers))?.backwards
}

describe('--order-by', () => {
  const files = [transfer('b', 3, 1n), transfer('a/x', 1, 3n), transfer('a', 2, 2n)]

  test('by name, size and time', async () => {
    expect(await parseOrder('', 4)).toBeUndefined()
    expect(await sorted('name', files)).toEqual(['a', 'a/x', 'b'])
    expect(await sorted('SIZE,Ascending', files)).toEqual(['a/x', 'a', 'b'])
    expect(await sorted('modtime', files)).toEqual(['b', 'a', 'a/x'])
  })

  test('by patterns: the first that matches decides, then the path; what matches none comes last', async () => {
    const paths = ['z.md5', 'README', 'b/c.tar.gz', 'a/c.tar.gz', 'a.md5', 'a/AUTHORS']
    const found = await sorted(
      'pattern,*.tar.gz,*.md5',
      paths.map((path) => transfer(path)),
    )
    expect(found).toEqual(['a/c.tar.gz', 'b/c.tar.gz', 'a.md5', 'z.md5', 'README', 'a/AUTHORS'])
  })

  test('patterns are those of filters, in the case that was typed', async () => {
    const all = ['sub/x.TXT', 'x.txt', 'sub/x.txt', 'deep/sub/y'].map((path) => transfer(path))
    expect(await sorted('pattern,/x.txt,sub/**', all)).toEqual(['x.txt', 'deep/sub/y', 'sub/x.TXT', 'sub/x.txt'])
    expect(await sorted('Pattern,{{x\\.[A-Z]+}}', all)).toEqual(['sub/x.TXT', 'deep/sub/y', 'sub/x.txt', 'x.txt'])
    expect(await sorted('pattern,desc', [transfer('a'), transfer('desc')])).toEqual(['desc', 'a'])
  })

  test('workers that begin at the other end: those whose part of a hundred has reached the number', async () => {
    expect(await backwards('size', 4)).toBe(0)
    expect(await backwards('size,desc', 4)).toBe(4)
    expect(await backwards('size,mixed', 4)).toBe(2)
    expect(await backwards('size,mixed,51', 4)).toBe(1)
    expect(await backwards('size,mixed,25', 4)).toBe(3)
    expect(await backwards('size,mixed,0', 4)).toBe(4)
    expect(await backwards('size,mixed,100', 4)).toBe(0)
    expect(await backwards('size,mixed', 1)).toBe(0)
    expect(await backwards('pattern,*', 4)).toBe(0)
  })

  test.each([
    ['Potato', 'unknown --order-by comparison "Potato"'],
    ['name ', 'unknown --order-by comparison "name "'],
    ['name,Sideways', 'unknown --order-by sort direction "Sideways"'],
    ['size,asc,more', 'bad --order-by string "size,asc,more"'],
    ['size,mixed,50,more', 'bad --order-by string "size,mixed,50,more"'],
    ['size,mixed,32.7', 'bad mixed fraction --order-by "32.7"'],
    ['pattern', 'pattern requires at least one glob'],
    ['pattern,', 'empty pattern glob'],
    ['pattern,*.a,,*.b', 'empty pattern glob'],
    ['pattern,[', `bad pattern glob "[": mismatched '[' and ']' in glob "["`],
  ])('%s is refused before anything starts', async (text, message) => {
    await expect(parseOrder(text, 4)).rejects.toMatchObject({ code: 'fatal', message })
  })
})
