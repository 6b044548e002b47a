import assert from 'node:assert/strict'
import { hashTypes } from '../../core/hash.ts'
import { sourceFromBytes, withHashing } from '../../core/source.ts'
import type { CallOptions } from '../../core/stream.ts'
import { collect } from '../../core/stream.ts'
import type { Tests, Trial } from './trial.ts'
import { entriesOf, pattern, someTime } from './trial.ts'

const size = 3 * 1024 * 1024

type Action = (options: CallOptions) => Promise<unknown>

/** Each operation, by its member of Remote, on a tree of dir/file, dir/sub and empty. */
const operations: Readonly<Record<string, (trial: Trial, o: CallOptions) => Promise<unknown>>> = {
  list: ({ remote, at }, o) => entriesOf(remote.list(at('dir'), o)),
  stat: ({ remote, at }, o) => remote.stat(at('dir/file'), o),
  open: readWhole,
  write: ({ remote, at }, o) => remote.write(at('dir/file'), sourceFromBytes(pattern(size, 1)), o),
  remove: ({ remote, at }, o) => remote.remove(at('dir/file'), o),
  mkdir: ({ remote, at }, o) => remote.mkdir(at('new'), o),
  rmdir: ({ remote, at }, o) => remote.rmdir(at('empty'), o),
  listAll: async ({ remote, at }, o) => remote.listAll && entriesOf(remote.listAll(at('dir'), o)),
  copy: async ({ remote, at }, o) => remote.copy?.(at('dir/file'), at('dir/to'), o),
  move: async ({ remote, at }, o) => remote.move?.(at('dir/file'), at('dir/to'), o),
  moveDir: async ({ remote, at }, o) => remote.moveDir?.(at('dir'), at('moved'), o),
  purge: async ({ remote, at }, o) => remote.purge?.(at('dir'), o),
  setTimes: async ({ remote, file }, o) => remote.setTimes?.(await file('dir/file'), { modified: someTime }, o),
  hash: async ({ remote, file }, o) => remote.hash?.(await file('dir/file'), hashTypes[0], o),
  about: async ({ remote, at }, o) => remote.about?.(at(''), o),
  cleanUp: async ({ remote }, o) => remote.cleanUp?.(o),
  links: async ({ remote, at }, o) => remote.links?.create(at('dir/file'), o),
}

async function readWhole({ remote, at }: Trial, options: CallOptions): Promise<Uint8Array> {
  await using reader = await remote.open(at('dir/file'), options)
  return await collect(reader.stream({}, options))
}

/** The operation on a tree that is there; undefined where the remote lacks it. */
async function prepared(trial: Trial, name: string): Promise<Action | undefined> {
  const operation = operations[name]
  if (!operation || !(name in trial.remote)) return undefined
  await trial.put('dir/file', pattern(size))
  await trial.put('dir/sub/other', 'x')
  if (trial.remote.facts(trial.at('')).emptyDirs) await trial.remote.mkdir(trial.at('empty'))
  return (options) => operation(trial, options)
}

/** Runs `action` and aborts it as soon as it has begun; whether it was done all the same. */
async function completes(action: Action): Promise<boolean> {
  const controller = new AbortController()
  const reason = new Error('enough')
  const running = action({ signal: controller.signal })
  const settled = running.then(
    () => true,
    (error: unknown) => {
      assert.equal(error, reason)
      return false
    },
  )
  await Promise.resolve()
  controller.abort(reason)
  return settled
}

/** Aborts: each operation rejects with the signal's reason and leaves nothing half done. */
export const cancelTests: Tests = {
  ...each('does nothing when it is already aborted', async (trial, action) => {
    const reason = new Error('enough')
    const before = await trial.everything()
    await assert.rejects(action({ signal: AbortSignal.abort(reason) }), (error) => error === reason)
    assert.deepEqual(await trial.everything(), before)
  }),

  ...each('is done whole or not at all when it is aborted under way', async (trial, action) => {
    const before = await trial.everything()
    if (!(await completes(action))) assert.deepEqual(await trial.everything(), before)
  }),

  'an abort ends a write between two chunks': async (trial) => {
    await trial.put('dir/file', 'old')
    const before = await trial.everything()
    for (const path of ['dir/file', 'dir/new']) {
      const controller = new AbortController()
      const reason = new Error('enough')
      let closed = false
      const source = withHashing({
        size,
        modified: someTime,
        known: { md5: '0123456789abcdef0123456789abcdef' },
        async *stream() {
          try {
            yield pattern(size / 2)
            controller.abort(reason)
            yield pattern(size / 2)
          } finally {
            closed = true
          }
        },
      })
      const writing = trial.write(path, source, { signal: controller.signal })
      await assert.rejects(writing, (error) => error === reason)
      assert.ok(closed, 'the stream of the source is closed')
      assert.deepEqual(await trial.everything(), before)
    }
  },

  'an abort ends a stream, and the reader can still be closed': async ({ remote, put, at }) => {
    await put('file', pattern(size))
    const controller = new AbortController()
    const reason = new Error('enough')
    await using reader = await remote.open(at('file'))
    const reading = async (): Promise<number> => {
      let length = 0
      for await (const chunk of reader.stream({}, { signal: controller.signal })) {
        length += chunk.length
        controller.abort(reason)
      }
      return length
    }
    await assert.rejects(reading(), (error) => error === reason)
  },

  'a remote works on after an abort': async ({ remote, put, text, names, at }) => {
    const signal = AbortSignal.abort(new Error('enough'))
    await assert.rejects(remote.write(at('file'), sourceFromBytes(pattern(10)), { signal }))
    await put('file', 'written after')
    assert.equal(await text('file'), 'written after')
    assert.deepEqual(await names(''), ['file'])
  },
}

function each(claim: string, body: (trial: Trial, action: Action) => Promise<void>): Tests {
  const names = Object.keys(operations)
  return Object.fromEntries(
    names.map((name) => [
      `${name} ${claim}`,
      async (trial: Trial): Promise<void> => {
        const action = await prepared(trial, name)
        if (action) await body(trial, action)
      },
    ]),
  )
}
