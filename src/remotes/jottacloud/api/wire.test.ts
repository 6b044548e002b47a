import { describe, expect, test } from 'vitest'
import { formatRfc3339, parseRfc3339 } from '../../../core/time.ts'
import { baseUrl, escapePath, queryOf, safeUrl } from './address.ts'
import { formatJfsDate, parseJfsDate, parseStreamDate } from './dates.ts'
import { itemOf, userOf } from './documents.ts'
import { createXmlReader } from './xml.ts'
import type { XmlElement } from './xml.ts'

function parse(text: string): XmlElement {
  const reader = createXmlReader()
  reader.write(Buffer.from(text))
  return reader.end()
}

describe('addresses (docs/protocol.md §5.1)', () => {
  test.each([
    ['a b+c.txt', 'a%20b%2Bc.txt'],
    ["odd +#%&;=@$,'~[]{}^`!()dir", 'odd%20%2B%23%25&;=@$,%27~%5B%5D%7B%7D%5E%60%21%28%29dir'],
    ['p%41q;&=', 'p%2541q;&='],
    ['æøå/a:b*?', '%C3%A6%C3%B8%C3%A5/a:b%2A%3F'],
    ['back\\slash|"<>', 'back%5Cslash%7C%22%3C%3E'],
  ])('%j is sent as %j', (path, escaped) => {
    expect(escapePath(path)).toBe(escaped)
  })

  test('parameters are form-encoded', () => {
    expect(queryOf({ mv: '/u/Jotta/a b+c' })).toBe('?mv=%2Fu%2FJotta%2Fa+b%2Bc')
    expect(queryOf({})).toBe('')
  })

  test('a login is sent to https, and to http on this machine alone', () => {
    for (const good of ['https://example.com/x', 'http://127.0.0.1:80/', 'http://[::1]:1/', 'http://localhost/']) {
      expect(safeUrl(good)?.href).toBe(new URL(good).href)
    }
    for (const bad of ['http://example.com/', 'http://127.0.0.1.example.com/', 'ftp://127.0.0.1/', 'no url', '']) {
      expect(safeUrl(bad)).toBeUndefined()
      expect(() => baseUrl(bad, 'jfs_url')).toThrow(expect.objectContaining({ code: 'config' }))
    }
    expect(baseUrl('https://example.com/jfs', 'jfs_url')).toBe('https://example.com/jfs/')
  })
})

describe('dates (docs/protocol.md §4.2)', () => {
  test.each([
    ['2026-03-04-T05:06:07Z', '2026-03-04T05:06:07Z'],
    ['2020-01-01-T13:00:00+0100', '2020-01-01T12:00:00Z'],
    ['2020-01-01-T00:00:00-0930', '2020-01-01T09:30:00Z'],
    ['0001-01-01-T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['1960-02-29-T23:59:59Z', '1960-02-29T23:59:59Z'],
    ['2026-03-04-T05:06:07.890Z', '2026-03-04T05:06:07Z'],
    ['10000-01-01-T00:00:00Z', '9999-12-31T23:59:59Z'],
    ['+287168-08-24-T16:00:00Z', '9999-12-31T23:59:59Z'],
    ['-003136-11-20-T16:00:00Z', '0000-01-01T00:00:00Z'],
  ])('%s is %s', (jfs, rfc3339) => {
    const time = parseJfsDate(jfs)
    expect(time === undefined ? undefined : formatRfc3339(time)).toBe(rfc3339)
  })

  test('an empty one is none, and another format an error', () => {
    expect(parseJfsDate('')).toBeUndefined()
    expect(parseJfsDate(undefined)).toBeUndefined()
    for (const text of ['2026-03-04T05:06:07Z', '2026-13-04-T05:06:07Z', 'yesterday']) {
      expect(() => parseJfsDate(text)).toThrow(expect.objectContaining({ code: 'protocol' }))
    }
  })

  test('one is written in UTC, cut to the second', () => {
    const time = parseRfc3339('2020-01-01T13:00:00.987654321+01:00') ?? 0n
    expect(formatJfsDate(time)).toBe('2020-01-01-T12:00:00Z')
    expect(formatJfsDate(-1n)).toBe('1969-12-31-T23:59:59Z')
  })

  test('those of the stream have milliseconds', () => {
    expect(parseStreamDate('2026-03-01T11:10:13.250Z')).toBe(parseRfc3339('2026-03-01T11:10:13.25Z'))
    expect(parseStreamDate('10000-01-01T00:00:00.000Z')).toBe(parseRfc3339('9999-12-31T23:59:59Z'))
    expect(() => parseStreamDate('2026-03-01-T11:10:13Z')).toThrow(expect.objectContaining({ code: 'protocol' }))
  })
})

describe('documents', () => {
  const revision = `<number>3</number><state>COMPLETED</state><created>2026-03-01-T11:10:13Z</created>
    <modified>2026-03-02-T11:10:13Z</modified><mime>text/plain</mime><size>318</size>
    <md5>0123456789ABCDEF0123456789abcdef</md5><updated>2026-03-02-T11:10:14Z</updated>`

  test('a file has its current revision and the older ones', () => {
    const file = itemOf(
      parse(`<file name="a.txt" uuid="1" time="2026-03-04-T05:06:07Z"><path>/u/Jotta/Archive</path>
        <currentRevision>${revision}</currentRevision>
        <revisions><revision>${revision.replace('3<', '2<')}</revision>
        <revision><number>1</number><state>INCOMPLETE</state></revision></revisions></file>`),
    )
    expect(file).toMatchObject({
      kind: 'file',
      uuid: '1',
      name: 'a.txt',
      deleted: false,
      current: {
        number: '3',
        state: 'COMPLETED',
        created: parseRfc3339('2026-03-01T11:10:13Z'),
        modified: parseRfc3339('2026-03-02T11:10:13Z'),
        updated: parseRfc3339('2026-03-02T11:10:14Z'),
        mime: 'text/plain',
        size: 318,
        md5: '0123456789abcdef0123456789abcdef',
      },
      older: [expect.objectContaining({ number: '2' }), expect.objectContaining({ number: '1', size: undefined })],
    })
  })

  test('a file that was never whole has no current revision', () => {
    const file = itemOf(parse('<file name="a"><latestRevision><state>INCOMPLETE</state></latestRevision></file>'))
    expect(file).toMatchObject({ kind: 'file', current: undefined })
  })

  test('a folder is deleted by an attribute, a mountpoint by an element', () => {
    expect(itemOf(parse('<folder name="a" deleted="2026-03-01-T09:44:04Z"/>'))).toMatchObject({ deleted: true })
    const mountpoint = '<mountPoint><name>Old</name><deleted>2026-03-01-T09:44:04Z</deleted></mountPoint>'
    expect(itemOf(parse(mountpoint))).toMatchObject({ kind: 'dir', name: 'Old', deleted: true })
    expect(itemOf(parse('<mountPoint><name>Archive</name><size></size><modified></modified></mountPoint>'))).toEqual({
      kind: 'dir',
      name: 'Archive',
      deleted: false,
      modified: undefined,
    })
  })

  test('an account may be unlimited', () => {
    expect(userOf(parse('<user><capacity>-1</capacity><usage>5</usage></user>'))).toEqual({
      capacity: -1,
      usage: 5,
      writeLocked: false,
    })
  })

  test('an account may be as large as numbers get', () => {
    const most = '<user><capacity>9223372036854775807</capacity><usage></usage></user>'
    expect(userOf(parse(most))).toMatchObject({ capacity: 2 ** 63, usage: undefined })
  })

  test('anything else is an error', () => {
    for (const text of ['<html/>', '<error/>']) {
      expect(() => itemOf(parse(text))).toThrow(expect.objectContaining({ code: 'protocol' }))
      expect(() => userOf(parse(text))).toThrow(expect.objectContaining({ code: 'protocol' }))
    }
  })
})
