import { expect, test } from 'vitest'
import { logInAgain } from './log-in-again.ts'

test('the advice for a login that has ended can be followed', () => {
  expect(logInAgain('jotta')).toBe('run "fjord config reconnect jotta:"')
  expect(logInAgain('jotta{a_-1B}')).toBe('run "fjord config reconnect jotta:"')
  expect(logInAgain('jotta{a_-1B}', true)).toBe('give it a token that works')
  expect(logInAgain(':jottacloud{a_-1B}')).toBe('give it a token that works')
})
