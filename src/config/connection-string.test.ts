import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readVectors } from '../../test/support/read-vectors.ts'
import { formatParameters, parseTypedPath } from './connection-string.ts'
import { requireRemoteName } from './remote-name.ts'

const late = /didn't find|couldn't parse/ // said when the remote is opened, not when the text is read

describe('path arguments', () => {
  test.each(readVectors('connection-strings.tsv'))('%j: %s', (typed = '', ok = '', _name = '', message = '') => {
    if (ok === 'yes' || late.test(message)) expect(() => parseTypedPath(typed, 'linux')).not.toThrow()
    else expect(() => parseTypedPath(typed, 'linux')).toThrow(message)
  })

  test.each([
    ['base//dir/', { kind: 'local', path: 'base//dir/' }],
    ['./a:b', { kind: 'local', path: './a:b' }],
    ['a\\b:c', { kind: 'local', path: 'a\\b:c' }],
    ['a,b=c', { kind: 'local', path: 'a,b=c' }],
    ['jotta:', { kind: 'remote', name: 'jotta', onTheFly: false, parameters: {}, path: '' }],
    ['jotta:a:b,c', { kind: 'remote', name: 'jotta', onTheFly: false, parameters: {}, path: 'a:b,c' }],
    ['j,x:p', { kind: 'remote', name: 'j', onTheFly: false, parameters: { x: 'true' }, path: 'p' }],
    ['j,x=:p', { kind: 'remote', name: 'j', onTheFly: false, parameters: { x: '' }, path: 'p' }],
    ['j,x=1,x=2:p', { kind: 'remote', name: 'j', onTheFly: false, parameters: { x: '2' }, path: 'p' }],
    [
      ':t,a="x,:""y",b=\'\':p',
      { kind: 'remote', name: 't', onTheFly: true, parameters: { a: 'x,:"y', b: '' }, path: 'p' },
    ],
    [
      ':alias,remote=ali::',
      { kind: 'remote', name: 'alias', onTheFly: true, parameters: { remote: 'ali' }, path: ':' },
    ],
  ])('%j', (typed, expected) => {
    expect(parseTypedPath(typed, 'linux')).toEqual(expected)
  })

  test.each([
    ['a:b,c', { kind: 'local', path: 'a:b,c' }],
    ['C:\\x\\y', { kind: 'local', path: 'C:/x/y' }],
    ['\\\\host\\share', { kind: 'local', path: '//host/share' }],
    ['jotta:a\\b', { kind: 'remote', name: 'jotta', onTheFly: false, parameters: {}, path: 'a/b' }],
    [':local:a', { kind: 'remote', name: 'local', onTheFly: true, parameters: {}, path: 'a' }],
  ])('on Windows: %j', (typed, expected) => {
    expect(parseTypedPath(typed, 'win32')).toEqual(expected)
  })

  test.each([
    ['j:x,y', undefined],
    ['j,a="x', undefined],
    [':a,b', 'config parameter must end with `,` or `:`'],
    [':a,b=c', 'unquoted config value must end with `,` or `:`'],
    [':a,b="c', 'unterminated quoted config value'],
    [':a,b="c"', 'expecting `:` or `,` or another quote after a quote'],
    [':a', 'config name needs a trailing `:`'],
  ])('%j gives %j', (typed, message) => {
    if (message === undefined) expect(() => parseTypedPath(typed, 'linux')).not.toThrow()
    else expect(() => parseTypedPath(typed, 'linux')).toThrow(message)
  })

  test('whatever the values, formatted parameters are read back the same', () => {
    const key = fc.stringMatching(/^[a-z_.]{1,6}$/).filter((text) => text !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: fc.constantFrom(...'\',:="x/ '.split('')) })), (parameters) => {
        const text = formatParameters(parameters)
        const read = parseTypedPath(`:t${text === '' ? '' : ','}${text}:p`, 'linux')
        expect(read).toMatchObject({ parameters, path: 'p' })
      }),
    )
  })
})

describe('names of remotes', () => {
  const rows = readVectors('remote-names.tsv').filter(([, , message = '']) => !message.startsWith('unknown shorthand'))

  test.each(rows)('%j accepted: %s', (name = '', accepted = '', message = '') => {
    if (accepted === 'yes') expect(() => requireRemoteName(name, 'linux')).not.toThrow()
    else expect(() => requireRemoteName(name, 'linux')).toThrow(message)
  })

  test('may not be a drive on Windows', () => {
    expect(() => requireRemoteName('c', 'win32')).toThrow('config name contains invalid characters')
    expect(() => requireRemoteName('c', 'linux')).not.toThrow()
  })
})
