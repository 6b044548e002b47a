import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freePort } from '../../test/support/local-server.ts'
import { requestsTo, signIn, type SignedIn } from './signed-in.ts'
import { apply } from './state/apply.ts'
import { dump } from './state/dump.ts'
import { memoryBlobs } from './state/memory-blobs.ts'
import { sizeOf } from './state/revisions.ts'
import { openStore } from './state/store.ts'
import { newWorld } from './state/new-world.ts'
import type { World } from './state/world.ts'
import { namingOf } from './dialect-switch.ts'
import { createEmulator, defaultDialect, worstDialect, type Dialect } from './index.ts'

// What the other two leave out of the ways in which the state can change.
const THIRD: Dialect = {
  ...defaultDialect,
  copyOntoTrashed: 'revives',
  moveOntoTrashed: 'stays-trashed',
  moveFolderOntoTrashed: 'merges',
  moveOntoLive: 'replaces',
  cphashSame: 'new-revision',
  caseFolding: 'unicode-full',
}

const path = fc.constantFrom(
  'Archive/a',
  'Archive/A',
  'Archive/d/a',
  'Archive/d/e/b',
  'Archive/D',
  'Sync/d',
  'Sync/d/a',
)
const content = fc.constantFrom('', 'one', 'two', 'three')
const command = fc.constantFrom('mkDir', 'dl', 'dlDir', 'rm', 'rmDir')

const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), path, content }),
  fc.record({ do: fc.constant('half' as const), path, content }),
  fc.record({ do: fc.constant('wrong' as const), path, content }),
  fc.record({ do: fc.constant('command' as const), path, command }),
  fc.record({ do: fc.constant('to' as const), path, target: path, command: fc.constantFrom('mv', 'mvDir', 'cp') }),
  fc.record({ do: fc.constant('purge' as const) }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function run(account: SignedIn, action: Step): Promise<void> {
  switch (action.do) {
    case 'put':
    case 'half':
    case 'wrong': {
      const allocation = await account.allocate(action.path, action.content).catch(() => undefined)
      if (allocation === undefined || allocation.state === 'COMPLETED') return
      const sent = { put: action.content, half: action.content.slice(0, 1), wrong: '?????' }[action.do]
      await account.send(allocation, sent)
      return
    }
    case 'command':
      await account.post(`/Jotta/${action.path}?${action.command}=true`)
      return
    case 'to':
      await account.post(`/Jotta/${action.path}?${action.command}=${account.target(`Jotta/${action.target}`)}`)
      return
    case 'purge':
      await account.api('files/v1/purge_trash', '')
  }
}

/** Everything that the account shows of itself, without the times of the answers. */
async function everything(account: SignedIn): Promise<string> {
  const paths = ['', '/Jotta', '/Jotta/Archive?mode=list', '/Jotta/Sync?mode=list', '/Jotta/Trash']
  const documents = await Promise.all(paths.map((shown) => account.get(shown)))
  return documents.map(({ text }) => text.replace(/ time="[^"]*"/, '')).join('\n')
}

function snapshotOf(world: Readonly<World>): string {
  return [...dump(world)].map((change) => JSON.stringify(change)).join('\n')
}

const FUZZ = Number(process.env['FJORD_FUZZ'] ?? 1)

describe.each([
  ['the usual dialect', defaultDialect],
  ['the worst dialect', worstDialect],
  ['a third one', THIRD],
])('whatever was done in %s', (_name, dialect) => {
  test(
    'a journal, and a snapshot of it, lead to the same state, and sizes add up',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
          const folder = fs.mkdtempSync(join(tmpdir(), 'emulator-replay-'))
          const account = await signIn({ stateDir: folder, dialect }, { port: await freePort() })
          try {
            for (const action of steps) await run(account, action)
            const before = await everything(account)
            expect(before).not.toContain('The emulator failed')
            await account.emulator.close()
            const emulator = createEmulator({ stateDir: folder, dialect })
            const reopened = requestsTo(emulator, await emulator.listen(), account.tokens)
            expect(await everything(reopened)).toBe(before)
            await emulator.close()
            checkState(folder, dialect)
          } finally {
            await account.emulator.close()
            fs.rmSync(folder, { recursive: true })
          }
        }),
        { numRuns: 12 * FUZZ },
      )
    },
    120_000 * FUZZ,
  )
})

function checkState(folder: string, dialect: Dialect): void {
  const store = openStore({ stateDir: folder, now: Date.now, naming: namingOf(dialect) })
  const restored = newWorld(memoryBlobs())
  for (const change of dump(store.world)) apply(restored, change)
  expect(snapshotOf(restored)).toBe(snapshotOf(store.world))
  expect(restored.contents).toEqual(store.world.contents)
  for (const device of store.world.devices.values()) {
    for (const mountpoint of device.mountpoints.values()) expect(mountpoint.size).toBe(sizeOf(mountpoint))
  }
  const written = [...store.world.contents.keys()].filter((key) => !store.world.blobs.generated.has(key))
  expect(new Set(fs.readdirSync(join(folder, 'blobs')))).toEqual(new Set(written))
  store.close()
}
