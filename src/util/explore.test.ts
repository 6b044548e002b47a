import { describe, expect, test } from 'vitest'
import { all } from '../../test/support/recorded-run.ts'
import type { Visited } from './explore.ts'
import { explore } from './explore.ts'

interface Node {
  readonly name: string
  readonly depth: number
}

const root: Node = { name: 'r', depth: 0 }

function below({ name, depth }: Node, width: number, deepest: number): Node[] {
  if (depth === deepest) return []
  return Array.from({ length: width }, (_, i) => ({ name: `${name}${i}`, depth: depth + 1 }))
}

function visitBelow(width: number, deepest: number): (node: Node) => Promise<Visited<Node, string>> {
  return (node) => Promise.resolve({ result: node.name, next: below(node, width, deepest) })
}

describe('exploring a tree', () => {
  test('visits everything once', async () => {
    const seen = await all(explore(root, 4, visitBelow(3, 3)))
    expect(seen).toHaveLength(1 + 3 + 9 + 27)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('takes a directory of very many', async () => {
    expect(await all(explore(root, 4, visitBelow(200_000, 1)))).toHaveLength(200_001)
  })

  test('goes depth first with one visit at a time', async () => {
    expect(await all(explore(root, 1, visitBelow(2, 2)))).toEqual(['r', 'r0', 'r00', 'r01', 'r1', 'r10', 'r11'])
  })

  test('never has more results waiting than it may, however slow the reader', async () => {
    let visited = 0
    let read = 0
    let most = 0
    const visit = (node: Node): Promise<Visited<Node, string>> => {
      visited++
      return Promise.resolve({ result: node.name, next: below(node, 10, 2) })
    }
    for await (const name of explore(root, 4, visit)) {
      await new Promise((resolve) => setImmediate(resolve))
      if (name !== '') read++
      most = Math.max(most, visited - read)
    }
    expect(read).toBe(111)
    expect(most).toBeLessThanOrEqual(4)
  })

  test('throws the failure of a visit after the others have settled', async () => {
    let settled = 0
    const visit = async (node: Node): Promise<Visited<Node, string>> => {
      if (node.name === 'r1') throw new Error('broken')
      await new Promise((resolve) => setImmediate(resolve))
      settled++
      return { result: node.name, next: below(node, 3, 1) }
    }
    await expect(all(explore(root, 4, visit))).rejects.toThrow('broken')
    expect(settled).toBe(3)
  })
})
