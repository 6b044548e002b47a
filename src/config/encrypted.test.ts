import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, asyncProperty, nat, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configKeyOf, seal, sealedBox, unseal } from './encrypted.ts'

const vector = readFileSync(join(import.meta.dirname, '../../test/golden/vectors/config-encrypted.conf'), 'utf8')

describe('an encrypted config', () => {
  test('of rclone opens with its password alone', async () => {
    const box = sealedBox(vector) ?? new Uint8Array()
    const content = await unseal(box, configKeyOf('golden-config-pass'))
    expect(Buffer.from(content ?? []).toString()).toContain('[here]\ntype = alias\nremote = src\n')
    expect(await unseal(box, configKeyOf('golden-config-pass '))).toBeUndefined()
  })

  test('has the key that rclone makes of the password', () => {
    const key = '5dd58cdaa875a059d008fedeb2e1e6a8df4b6f2603ddeee92f64a3179c325b4a'
    expect(Buffer.from(configKeyOf('golden-config-pass')).toString('hex')).toBe(key)
    expect(configKeyOf('\u212b')).toEqual(configKeyOf('\u00e5'.toUpperCase()))
    expect(configKeyOf(' a ')).not.toEqual(configKeyOf('a'))
  })

  test.each(['', ' \t', 'a\uFFFDb'])('cannot have the password %j', (password) => {
    expect(() => configKeyOf(password)).toThrow(/no characters|invalid utf8/)
  })

  test('opens as it was sealed, and not after a change of any bit', async () => {
    const key = configKeyOf('x')
    await assert(
      asyncProperty(uint8Array({ maxLength: 300 }), nat(), async (content, at) => {
        const box = sealedBox(await seal(content, key)) ?? new Uint8Array()
        expect(Buffer.from((await unseal(box, key)) ?? [])).toEqual(Buffer.from(content))
        const bit = at % (box.length * 8)
        const altered = box.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
        expect(await unseal(altered, key)).toBeUndefined()
      }),
      { numRuns: 20 },
    )
  })

  test('is one by its first line that is no comment', () => {
    expect(sealedBox('[a]\ntype = local\nRCLONE_ENCRYPT_V0:\n')).toBeUndefined()
    expect(sealedBox('')).toBeUndefined()
    expect(sealedBox(`\n; x\n${vector}`)).toEqual(sealedBox(vector))
    expect(sealedBox(vector.replaceAll('\n', '\r\n'))).toEqual(sealedBox(vector))
  })

  test.each([
    ['RCLONE_ENCRYPT_V1:\nAAAA', 'unsupported configuration encryption - update rclone for support'],
    ['RCLONE_ENCRYPT_V0:\nAAAA', 'configuration data too short'],
    ['RCLONE_ENCRYPT_V0:\n', 'configuration data too short'],
    [vector.slice(0, -1), 'failed to load base64 encoded data: unexpected EOF'],
    [`${vector}!`, 'failed to load base64 encoded data: illegal base64 data at input byte'],
  ])('is refused where it is damaged', (text, message) => {
    expect(() => sealedBox(text)).toThrow(message)
  })
})
