import assert from 'node:assert/strict'
import type { FileEntry } from '../../core/entry.ts'
import type { Path } from '../../core/path.ts'
import { second } from '../../core/time.ts'
import type { Tests, Trial } from './trial.ts'
import { fails, sameTime, someTime } from './trial.ts'

/** `copy`, `move`, `moveDir` and `setTimes`, each where the remote has it. */
export const moveTests: Tests = {
  ...placing('copy'),
  ...placing('move'),

  'a copy and its original go their own ways': async (trial) => {
    const copy = bound(trial, 'copy')
    if (!copy) return
    await trial.put('one', '1')
    await copy('one', 'two')
    await trial.put('one', 'changed')
    assert.equal(await trial.text('two'), '1')
  },

  'move changes the case of a name': async (trial) => {
    const move = bound(trial, 'move')
    if (!move) return
    await trial.put('name.txt', 'x')
    await move('name.txt', 'Name.TXT')
    assert.deepEqual(await trial.names(''), ['Name.TXT'])
    assert.equal(await trial.text('Name.TXT'), 'x')
  },

  'move that is to replace nothing changes a name, also its case alone, and leaves what has the new one': async (
    trial,
  ) => {
    const { remote, put, at } = trial
    if (!remote.move) return
    await put('from', 'x')
    await put('taken', 'y')
    await put('dir/file', 'z')
    const before = await trial.everything()
    for (const to of ['taken', 'dir'])
      await fails(remote.move(at('from'), at(to), { replaceNothing: true }), at(to), 'exists')
    assert.deepEqual(await trial.everything(), before)
    await remote.move(at('from'), at('From'), { replaceNothing: true })
    await remote.move(at('From'), at('new/name'), { replaceNothing: true })
    assert.equal(await trial.text('new/name'), 'x')
    assert.deepEqual(await trial.names(''), ['dir/', 'new/', 'taken'])
  },

  'moveDir moves all below, and makes the parents': async ({ remote, put, at, everything }) => {
    if (!remote.moveDir) return
    await put('from/a', '1')
    await put('from/b/c', '2')
    await remote.moveDir(at('from'), at('to/here'))
    assert.deepEqual(await everything(), {
      to: undefined,
      'to/here': undefined,
      'to/here/a': '1',
      'to/here/b': undefined,
      'to/here/b/c': '2',
    })
  },

  'moveDir changes the case of a name': async ({ remote, put, at, names }) => {
    if (!remote.moveDir) return
    await put('dir/a', '1')
    await remote.moveDir(at('dir'), at('Dir'))
    assert.deepEqual(await names(''), ['Dir/'])
    assert.deepEqual(await names('Dir'), ['a'])
  },

  'moveDir onto anything, or into itself, fails and changes nothing': async (trial) => {
    const { remote, put, at } = trial
    if (!remote.moveDir) return
    await put('from/a', '1')
    await put('to/b', '2')
    await put('file', '3')
    const before = await trial.everything()
    await fails(remote.moveDir(at('from'), at('to')), at('to'), 'exists')
    await fails(remote.moveDir(at('from'), at('file')), at('file'), 'exists')
    await fails(remote.moveDir(at('from'), at('from/inside')), at('from'), 'invalid-argument')
    assert.deepEqual(await trial.everything(), before)
  },

  'moveDir of what is no directory fails with dir-not-found': async ({ remote, put, at }) => {
    if (!remote.moveDir) return
    await put('file', '3')
    await fails(remote.moveDir(at('missing'), at('to')), at('missing'), 'dir-not-found')
    await fails(remote.moveDir(at('file'), at('to')), at('file'), 'dir-not-found')
  },

  'setTimes changes the time alone': async ({ remote, put, file, text, stat, at }) => {
    if (!remote.setTimes) return
    const entry = await put('dir/file', 'content')
    await remote.setTimes(entry, { modified: someTime + 86_400n * second })
    sameTime(remote, await file('dir/file'), someTime + 86_400n * second)
    assert.equal(await text('dir/file'), 'content')
    const dir = await stat('dir')
    if (!dir || !remote.facts(at('dir')).dirTimes) return
    await remote.setTimes(dir, { modified: someTime })
    sameTime(remote, (await stat('dir')) ?? dir, someTime)
  },

  'setTimes of what is gone fails': async ({ remote, put, at }) => {
    if (!remote.setTimes) return
    const entry = await put('file', 'content')
    await remote.remove(at('file'))
    await fails(remote.setTimes(entry, { modified: someTime }), at('file'), 'not-found')
  },
}

/** What copying and moving a file have in common. */
function placing(verb: 'copy' | 'move'): Tests {
  return {
    [`${verb} keeps content and time, and makes the parents`]: async (trial) => {
      const act = bound(trial, verb)
      if (!act) return
      const before = await trial.put('a/from', 'content')
      const after = await act('a/from', 'b/c/to')
      assert.equal(after.path, trial.at('b/c/to'))
      assert.equal(after.size, 7)
      sameTime(trial.remote, after, before.modified)
      sameTime(trial.remote, await trial.file('b/c/to'), before.modified)
      assert.equal(await trial.text('b/c/to'), 'content')
      assert.equal((await trial.stat('a/from'))?.kind, verb === 'copy' ? 'file' : undefined)
    },

    [`${verb} replaces a file`]: async (trial) => {
      const act = bound(trial, verb)
      if (!act) return
      await trial.put('from', 'new')
      await trial.put('to', 'the old one', { modified: someTime + 5n * second })
      await act('from', 'to')
      assert.equal(await trial.text('to'), 'new')
      sameTime(trial.remote, await trial.file('to'), someTime)
      assert.deepEqual(await trial.names(''), verb === 'copy' ? ['from', 'to'] : ['to'])
    },

    [`${verb} of what is no file fails and changes nothing`]: async (trial) => {
      const act = bound(trial, verb)
      if (!act) return
      await trial.put('dir/file', 'x')
      const before = await trial.everything()
      await fails(act('missing', 'to'), trial.at('missing'), 'not-found')
      await fails(act('dir', 'to'), trial.at('dir'), 'is-dir')
      assert.deepEqual(await trial.everything(), before)
    },

    [`${verb} onto a directory, or below a file, fails and changes nothing`]: async (trial) => {
      const act = bound(trial, verb)
      if (!act) return
      await trial.put('file', 'x')
      await trial.put('dir/file', 'y')
      const before = await trial.everything()
      await fails(act('file', 'dir'), trial.at('dir'), 'is-dir')
      await fails(act('file', 'dir/file/below'), trial.at('dir/file/below'), 'not-dir', 'exists')
      assert.deepEqual(await trial.everything(), before)
    },
  }
}

type Act = (from: Path, to: Path) => Promise<FileEntry>

function bound({ remote, at }: Trial, verb: 'copy' | 'move'): Act | undefined {
  const act = remote[verb]?.bind(remote)
  return act && ((from, to) => act(at(from), at(to)))
}
