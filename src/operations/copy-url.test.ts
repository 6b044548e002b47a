import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { parseRfc3339 } from '../core/time.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyUrl, copyUrls } from './copy-url.ts'
import type { CopyUrlOptions } from './copy-url.ts'
import type { UrlGetter } from './get-url.ts'
import { nameInHeader, nameInUrl } from './url-name.ts'

interface Page {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A web that answers with the path of what was asked for; what it does not have is missing. */
function web(pages: Readonly<Record<string, Page>>): UrlGetter {
  return {
    async request({ url }) {
      const { pathname } = new URL(url)
      const page = pages[pathname] ?? { status: 404 }
      async function* body() {
        yield await Promise.resolve(Buffer.from(`body of ${pathname}`))
      }
      return {
        status: page.status ?? 200,
        header: (name) => page.headers?.[name],
        body: body(),
        discard: () => Promise.resolve(),
      }
    },
  }
}

const now = parseRfc3339('2020-01-01T00:00:00Z') ?? 0n

async function copied(
  url: string,
  pages: Readonly<Record<string, Page>>,
  o: Partial<CopyUrlOptions & { file: string }> = {},
) {
  const remote = createMemoryRemote()
  await plant(remote, { 'd/old': 'old' })
  const dest = { remote, path: 'd', file: o.file }
  const error: unknown = await copyUrl(recordRun().ctx, url, dest, { http: web(pages), now, ...o }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { remote, tree: await treeOf(remote, 'd'), error }
}

describe('copying from a URL', () => {
  test('follows redirects, takes the name at their end and the time that the server tells', async () => {
    const headers = { 'last-modified': 'Tue, 03 Mar 2020 04:05:06 GMT' }
    const pages = { '/a': { status: 302, headers: { location: '/x/b%20c' } }, '/x/b%20c': { headers } }
    const { remote, tree } = await copied('http://web/a', pages)
    expect(tree).toEqual({ 'd/old': 'old', 'd/b c': 'body of /x/b%20c' })
    expect(await remote.stat('d/b c')).toMatchObject({ modified: parseRfc3339('2020-03-03T04:05:06Z') })
  })

  test('writes under the name that was given, with the time of now', async () => {
    const { remote, tree } = await copied('http://web/a', { '/a': {} }, { file: 'sub/new' })
    expect(tree).toMatchObject({ 'd/sub/new': 'body of /a' })
    expect(await remote.stat('d/sub/new')).toMatchObject({ modified: now })
  })

  test.each([
    ['http://web/none', {}, 'CopyURL failed: 404 Not Found'],
    ['http://web/a', { file: 'old', noClobber: true }, 'CopyURL failed: file already exist'],
    ['http://web/loop', {}, 'CopyURL failed: stopped after 10 redirects'],
    ['ftp://web/a', {}, 'CopyURL failed: "ftp://web/a" is no http or https URL'],
    ['http://web/', {}, "CopyURL failed: file name wasn't found in url"],
  ])('%s with %j fails', async (url, o, message) => {
    const pages = { '/a': {}, '/': {}, '/loop': { status: 301, headers: { location: '/loop' } } }
    const { error, tree } = await copied(url, pages, o)
    expect(error).toMatchObject({ message })
    expect(tree).toEqual({ 'd/old': 'old' })
  })

  test('an answer that is cut leaves nothing', async () => {
    const { error, tree } = await copied('http://web/a', { '/a': { headers: { 'content-length': '99' } } })
    expect(error).toMatchObject({ code: 'corrupt' })
    expect(tree).toEqual({ 'd/old': 'old' })
  })

  test('a list goes on after a line that fails', async () => {
    const remote = createMemoryRemote()
    const run = recordRun()
    const list = 'http://web/no\n\nhttp://web/a\r\n"http://web/a","x,y"\n'
    const done = copyUrls(run.ctx, list, { remote, path: 'd' }, { http: web({ '/a': {} }), now })
    await expect(done).rejects.toMatchObject({
      message: 'not all URLs copied successfully: CopyURL failed: 404 Not Found',
    })
    expect(run.lines()).toEqual(['ERROR failed to copy URL "http://web/no": CopyURL failed: 404 Not Found'])
    expect(Object.keys(await treeOf(remote))).toEqual(['d/', 'd/a', 'd/x,y'])
  })
})

describe('the name of what a URL gives', () => {
  const named = (disposition: string) => nameInHeader({ header: () => disposition })

  test.each([
    ['attachment; filename="given name.txt"', 'given name.txt'],
    ['attachment; filename=a.txt; size=1', 'a.txt'],
    ['attachment; filename="a\\"b"', 'a"b'],
    ["attachment; filename=x; filename*=UTF-8''%e2%82%ac.txt", '€.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="c:\\\\dir\\\\a.txt"', 'a.txt'],
  ])('%s proposes %s', (disposition, name) => {
    expect(named(disposition)).toBe(name)
  })

  test.each(['', 'inline', 'attachment; filename=".."', 'attachment; filename="a/"'])(
    '%j proposes none',
    (disposition) => {
      expect(() => named(disposition)).toThrow('filename not found')
    },
  )

  test('is never a way into another directory', () => {
    expect(nameInUrl({ url: new URL('http://web/a%2Fb%2f..%2fc') })).toBe('c')
    expect(() => nameInUrl({ url: new URL('http://web/a%2F..') })).toThrow("wasn't found")
  })
})
