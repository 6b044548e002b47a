import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeAuthority, makeServer } from './certificates.ts'

const now = Date.now()
const day = 86_400_000

describe('certificates', () => {
  test('the authority signs for itself and may sign for servers', async () => {
    const { certificate, key } = await makeAuthority(now)
    const parsed = new X509Certificate(certificate)
    expect(parsed.ca).toBe(true)
    expect(parsed.verify(parsed.publicKey)).toBe(true)
    expect(parsed.subject).toBe('CN=fjord emulator CA')
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  })

  test.each([
    ['jfs.jottacloud.com', 'DNS:jfs.jottacloud.com'],
    ['127.0.0.1', 'IP Address:127.0.0.1'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
    ['fd00::12:3', 'IP Address:FD00:0:0:0:0:0:12:3'],
    ['::ffff:10.1.2.3', 'IP Address:0:0:0:0:0:FFFF:A01:203'],
  ])('a server has one for %s', async (host, names) => {
    const authority = await makeAuthority(now)
    const issuer = new X509Certificate(authority.certificate)
    const { certificate } = await makeServer(authority, host, now)
    const parsed = new X509Certificate(certificate)
    expect(parsed.subjectAltName).toBe(names)
    expect([parsed.ca, parsed.checkIssued(issuer), parsed.verify(issuer.publicKey)]).toEqual([false, true, true])
  })

  test('servers have keys and serial numbers of their own, and are good now and for a year', async () => {
    const authority = await makeAuthority(now)
    const made = await Promise.all(['a.example', 'b.example'].map((host) => makeServer(authority, host, now)))
    const parsed = made.map(({ certificate }) => new X509Certificate(certificate))
    expect(new Set(parsed.map(({ serialNumber }) => serialNumber)).size).toBe(2)
    expect(new Set(made.map(({ key }) => key)).size).toBe(2)
    for (const { validFrom, validTo } of parsed) {
      expect(Date.parse(validFrom)).toBeLessThan(now)
      expect(Date.parse(validTo) - Date.parse(validFrom)).toBeLessThan(398 * day)
      expect(Date.parse(validTo)).toBeGreaterThan(now + 365 * day)
    }
  })
})
