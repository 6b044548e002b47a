import { describe, expect, test } from 'vitest'
import { formatTokenBlob, parseTokenBlob } from './token-blob.ts'

describe('the stored form', () => {
  test('is what rclone writes', () => {
    const text =
      '{"access_token":"x","token_type":"Bearer","refresh_token":"y","expiry":"2026-01-02T02:03:04.678901234Z"}'
    const read = parseTokenBlob(text.replace('02:03:04.678901234Z', '03:03:04.678901234+01:00'), 'j')
    expect(formatTokenBlob(read)).toBe(text)
    expect(formatTokenBlob({ ...read, expiry: 1_700_000_000_500_000_000n })).toContain('"2023-11-14T22:13:20.5Z"')
  })

  test.each(['', '{"access_token":"very secret"', '[]', '{}', 'null'])('refuses %s and shows nothing of it', (text) => {
    expect(() => parseTokenBlob(text, 'j')).toThrow('the token of "j" in the config is damaged')
  })
})
