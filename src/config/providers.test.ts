import { describe, expect, test } from 'vitest'
import { fakeService } from '../../test/support/fake-conversation.ts'
import { listProviders, providersJson } from './providers.ts'

describe('config providers', () => {
  test('gives every kind of remote with its options, description last', async () => {
    const text = providersJson(await listProviders(fakeService().table))
    expect(text).toMatch(/^\[\n {4}\{\n {8}"Name": "alias",\n[^]*\]$/)
    const providers: unknown = JSON.parse(text)
    expect(providers).toMatchObject([
      { Name: 'alias', Prefix: 'alias', Options: [{ Name: 'remote', Required: true }, { Name: 'description' }] },
      {
        Name: 'cloud',
        Description: 'A cloud',
        Options: [
          { Name: 'client_id', Sensitive: true, Advanced: false, Type: 'string', Default: '', Value: null },
          { Name: 'password', IsPassword: true },
          { Name: 'token' },
          {
            Name: 'limit',
            Type: 'SizeSuffix',
            Default: 10_485_760,
            DefaultStr: '10Mi',
            ValueStr: '10Mi',
            Advanced: true,
          },
          { Name: 'hard_delete', Type: 'bool', Default: false, DefaultStr: 'false' },
          { Name: 'device' },
          { Name: 'description', Advanced: true },
        ],
      },
    ])
  })

  test('of fjord itself are all there, as valid JSON', async () => {
    const providers = await listProviders()
    expect(providers.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['alias', 'jottacloud', 'local', 'memory']),
    )
    expect(() => void JSON.parse(providersJson(providers))).not.toThrow()
  })
})
