import { describe, expect, test } from 'vitest'
import { fuzz, randomDialects } from '../../../test/support/dialects.ts'
import { inDialect, quickHttp } from '../../../test/support/emulated-jottacloud.ts'
import { treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { worstDialect } from '../../emulator/index.ts'

const http = { ...quickHttp, attempts: 1 }
const cuts = Array.from({ length: 16 }, (_, step) => step).flatMap((step) => [
  [step, 'before'] as const,
  [step, 'after'] as const,
])

describe.each([
  ['by default', {}] as const,
  ['the worst', worstDialect] as const,
  ...(fuzz > 1 ? randomDialects(1) : []),
])('a write without versions that is cut off, in the dialect %s', (_, dialect) => {
  const account = inDialect(dialect)
  let made = 0

  test.each(cuts)('%i requests after its beginning, %s the next one acts, has lost nothing', async (step, moment) => {
    const dir = `trial ${++made}`
    const [old, content] = [`old ${made}`, `new ${made}`]
    const { faults } = account().emulator
    const remote = account().remote({ noVersions: true, http })
    await put(remote, `${dir}/file`, old)
    await remote.list(dir)[Symbol.asyncIterator]().next()
    if (moment === 'after') faults.add({ skip: step, action: { effectThenReset: true } })
    faults.add({ skip: step, times: Infinity, action: { reset: 'before' } })
    const written = await put(remote, `${dir}/file`, content).then(
      () => true,
      () => false,
    )
    faults.clear()
    const left = await live(account().remote(), dir)
    expect(Object.values(left).some((text) => text === content || text === old)).toBe(true)
    expect(await live(account().remote(), dir)).toEqual(left)
    const next = account().remote({ noVersions: true })
    await put(next, `${dir}/other`, 'x')
    await next.close?.()
    const { file, ...rest } = await live(account().remote(), dir)
    expect(rest).toEqual({ other: 'x' })
    expect(written ? [content] : [content, old]).toContain(file)
    const trash = await treeOf(account().remote({ trashedOnly: true }), dir)
    expect(Object.keys(trash).filter((path) => !path.endsWith('/'))).toEqual([])
  })
})

async function put(remote: Remote, path: string, content: string): Promise<void> {
  await remote.write(path, sourceFromBytes(Buffer.from(content)))
}

/** What is there below `dir`, by its path from there. */
async function live(remote: Remote, dir: string): Promise<Record<string, string>> {
  const tree = Object.entries(await treeOf(remote, dir))
  return Object.fromEntries(tree.map(([path, content]) => [path.slice(dir.length + 1), content]))
}
