import { describe, expect, test } from 'vitest'
import { proxyFromEnvironment } from './proxy.ts'

const proxy = 'http://proxy:3128'
const through = (origin: string, noProxy: string): boolean =>
  proxyFromEnvironment({ HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: noProxy })(origin) !== undefined

describe('which proxy', () => {
  test('is told by the scheme, capitals first', () => {
    const proxyFor = proxyFromEnvironment({ HTTPS_PROXY: 'http://s:1', https_proxy: 'http://t:1', http_proxy: 'p:2' })
    expect(proxyFor('https://jfs.jottacloud.com')).toBe('http://s:1/')
    expect(proxyFor('http://jfs.jottacloud.com')).toBe('http://p:2/')
  })

  test('none without the variable for the scheme, and ALL_PROXY does not count', () => {
    expect(proxyFromEnvironment({ HTTP_PROXY: proxy, ALL_PROXY: proxy })('https://a.com')).toBeUndefined()
  })

  test('credentials and SOCKS are kept', () => {
    expect(proxyFromEnvironment({ HTTPS_PROXY: 'http://u:p@h:1' })('https://a.com')).toBe('http://u:p@h:1/')
    expect(proxyFromEnvironment({ HTTPS_PROXY: 'socks5h://h:1' })('https://a.com')).toMatch(/^socks5:\/\/h:1/)
  })

  test('an address that makes no sense is told without being shown', () => {
    const proxyFor = proxyFromEnvironment({ HTTPS_PROXY: 'http://u:geheim@:::' })
    expect(() => proxyFor('https://a.com')).toThrow(/^(?!.*geheim).*proxy/)
  })
})

describe('what goes straight', () => {
  test.each(['http://localhost:80', 'https://127.0.0.1:1', 'https://127.8.9.1', 'http://[::1]:8080'])(
    'loopback always: %s',
    (origin) => expect(through(origin, '')).toBe(false),
  )

  test.each([
    ['*', 'https://a.com', false],
    ['b.com, *', 'https://a.com', false],
    ['a.com', 'https://a.com', false],
    ['A.com', 'https://sub.a.COM', false],
    ['a.com', 'https://ba.com', true],
    ['.a.com', 'https://a.com', true],
    ['.a.com', 'https://x.a.com', false],
    ['*.a.com', 'https://x.a.com', false],
    ['*.a.com', 'https://a.com', true],
    ['a.com:443', 'https://a.com', false],
    ['a.com:8443', 'https://a.com', true],
    ['a.com:80', 'http://a.com', false],
    ['10.0.0.0/8', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://11.1.2.3', true],
    ['fd00::/8', 'https://[fd12::1]', false],
    ['10.1.2.3', 'https://10.1.2.3:9', false],
    ['10.1.2.3:8', 'https://10.1.2.3:9', true],
    ['[fd00::1]:9', 'https://[fd00::1]:9', false],
    ['fd00:0::1', 'https://[fd00::1]', false],
    ['.2.3', 'https://10.1.2.3', true],
    [' , ,:80', 'http://a.com', true],
  ])('NO_PROXY=%s: %s through the proxy: %s', (noProxy, origin, expected) => {
    expect(through(origin, noProxy)).toBe(expected)
  })
})
