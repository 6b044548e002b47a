import { expect, test } from 'vitest'
import { silent } from '../core/context.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { withLayers } from './index.ts'

const layered = (...disabled: readonly string[]) =>
  withLayers(createMemoryRemote(), { log: silent, attempts: 3, disabled: new Set(disabled) })

test('takes away what a remote can do by itself, and leaves the rest', () => {
  const remote = layered('copy', 'dirmove', 'dirsetmodtime', 'listr', 'nosuch')
  expect([remote.copy, remote.moveDir, remote.listAll]).toEqual([undefined, undefined, undefined])
  expect(remote.move).toBeDefined()
  expect(remote.facts('').dirTimes).toBe(false)
  const whole = layered()
  expect([whole.copy, whole.moveDir, whole.listAll].every(Boolean)).toBe(true)
  expect(whole.facts('').dirTimes).toBe(true)
})
