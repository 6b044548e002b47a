import { describe, expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import { parseRfc3339 } from '../core/time.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { drawTree } from './draw-tree.ts'
import type { TreeLook } from './draw-tree.ts'
import { loadTree } from './load-tree.ts'

const now = parseRfc3339('2020-06-01T00:00:00Z') ?? 0n
const plain: TreeLook = {
  sort: 'name',
  reverse: false,
  dirsFirst: false,
  unsorted: false,
  dirsOnly: false,
  fullPath: false,
  noIndent: false,
  noReport: true,
  quote: false,
  size: false,
  human: false,
  protections: false,
  modtime: false,
  colour: false,
  now,
  show: (name) => name,
}

async function drawn(o: Partial<TreeLook & { level: number; all: boolean }> = {}): Promise<string[]> {
  const remote = createMemoryRemote()
  await plant(remote, { 'r/f10.jpg': 'x'.repeat(1536), 'r/d/g': '22', 'r/.h': '1' }, now)
  await plant(remote, { 'r/f2': '333', 'r/d/e/i': '4' }, parseRfc3339('2019-01-02T03:04:05Z') ?? 0n)
  const tree = await loadTree(recordRun().ctx, { remote, path: 'r' }, { level: 0, all: false, ...o })
  return [...drawTree(tree, { ...plain, ...o })]
}

describe('a tree', () => {
  test('is drawn with lines and counted', async () => {
    expect(await drawn({ noReport: false })).toEqual([
      '/',
      '├── d',
      '│   ├── e',
      '│   │   └── i',
      '│   └── g',
      '├── f10.jpg',
      '└── f2',
      '',
      '2 directories, 4 files',
    ])
  })

  test('has sizes, of directories what is in them', async () => {
    expect(await drawn({ size: true, noIndent: true })).toEqual([
      '[       1542]  /',
      '[          3]  d',
      '[          1]  e',
      '[          1]  i',
      '[          2]  g',
      '[       1536]  f10.jpg',
      '[          3]  f2',
    ])
    const human = await drawn({ size: true, human: true, noIndent: true, level: 1 })
    expect(human).toEqual(['[1.5K]  /', '[????]  d', '[1.5K]  f10.jpg', '[   3]  f2'])
  })

  test('has modes and times for files, in one bracket', async () => {
    const lines = await drawn({ protections: true, modtime: true, level: 1, noIndent: true })
    expect(lines.slice(0, 2)).toEqual(['/', 'd'])
    expect(lines[2]).toMatch(/^\[-rw-rw-rw- (?:May 31|Jun 01) \d\d:\d\d]  f10.jpg$/)
    expect(lines[3]).toMatch(/^\[-rw-rw-rw- Jan 0[123]  2019]  f2$/)
  })

  test.each<readonly [Partial<TreeLook>, readonly string[]]>([
    [{}, ['d', 'f10.jpg', 'f2']],
    [{ reverse: true }, ['f2', 'f10.jpg', 'd']],
    [{ sort: 'version' }, ['d', 'f2', 'f10.jpg']],
    [{ sort: 'size' }, ['d', 'f2', 'f10.jpg']],
    [{ dirsFirst: true, sort: 'size', reverse: true }, ['d', 'f10.jpg', 'f2']],
    [{ dirsOnly: true }, ['d']],
    [{ fullPath: true, quote: true }, ['"/d"', '"/f10.jpg"', '"/f2"']],
  ])('%j orders and shows names', async (o, expected) => {
    expect((await drawn({ ...o, level: 1, noIndent: true })).slice(1)).toEqual(expected)
  })

  test('shows names with a dot in front where they are asked for', async () => {
    expect(await drawn({ all: true, level: 1, noIndent: true })).toEqual(['/', '.h', 'd', 'f10.jpg', 'f2'])
  })

  test('colours directories and pictures', async () => {
    expect(await drawn({ colour: true, level: 1, noIndent: true })).toEqual([
      '\u001b[1;34m/\u001b[0m',
      '\u001b[1;34md\u001b[0m',
      '\u001b[1;35mf10.jpg\u001b[0m',
      'f2',
    ])
  })
})
