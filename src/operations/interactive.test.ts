import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import type { LogRecord } from '../core/context.ts'
import { createLineReader } from '../util/line-reader.ts'
import { interactiveGate } from './interactive.ts'

function asked(...answers: readonly string[]) {
  const records: LogRecord[] = []
  const said: string[] = []
  async function* typed(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(answers.map((answer) => `${answer}\n`).join(''))
  }
  const gate = interactiveGate({
    log: { log: (record) => records.push(record), enabled: () => true },
    lines: createLineReader(typed()),
    say: (text) => said.push(text),
    prompt: () => undefined,
  })
  return { gate, said, texts: () => records.map(({ object = '', text }) => `${object}: ${text}`) }
}

test('asks as rclone does, takes the default, and asks again after a wrong answer', async () => {
  const { gate, said } = asked('', 'z', 'n')
  expect(await gate({ action: 'copy', object: 'a "b"' })).toBe('do')
  expect(said).toEqual([
    '',
    'fjord: copy "a \\"b\\""?',
    'y) Yes, this is OK (default)',
    'n) No, skip this',
    's) Skip all copy operations with no more questions',
    '!) Do all copy operations with no more questions',
    'q) Exit fjord now.',
  ])
  expect(await gate({ action: 'copy', object: 'b' })).toBe('skip')
  expect(said.at(-1)).toBe('This value must be one of the following characters: y, n, s, !, q.')
})

test('an answer for all holds for that kind of change only', async () => {
  const { gate, texts } = asked('s', '!', 'y')
  expect(await gate({ action: 'delete', object: 'a' })).toBe('skip')
  expect(await gate({ action: 'copy', object: 'b' })).toBe('do')
  expect(await gate({ action: 'delete', object: 'c', size: 33 })).toBe('skip')
  expect(await gate({ action: 'copy', object: 'd' })).toBe('do')
  expect(await gate({ action: 'move', object: 'e' })).toBe('do')
  expect(texts()).toEqual([
    ': Skipping all delete operations from now on without asking',
    'a: Skipped delete as --interactive is set',
    ': Doing all copy operations from now on without asking',
    'c: Skipped delete as --interactive is set (size 33)',
  ])
})

test('questions wait for each other; quitting ends them all', async () => {
  const { gate, said } = asked('q', 'y')
  const answers = await Promise.all(['a', 'b', 'c'].map(async (object) => await gate({ action: 'copy', object })))
  expect(answers).toEqual(['quit', 'quit', 'quit'])
  expect(said).toHaveLength(7)
})

test('the end of the answers ends the run', async () => {
  const { gate } = asked()
  await expect(gate({ action: 'copy', object: 'a' })).rejects.toMatchObject({
    code: 'config',
    message: 'Failed to read line: EOF',
  })
})
