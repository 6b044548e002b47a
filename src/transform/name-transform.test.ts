import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { nameFromBytes } from '../core/names.ts'
import { parseRfc3339 } from '../core/time.ts'
import { loadNameTransform } from './name-transform.ts'

const now = parseRfc3339('2026-07-31T15:40:05Z') ?? 0n
const never = new AbortController().signal

async function transformed(path: string, ...texts: readonly string[]): Promise<string> {
  const transform = await loadNameTransform(texts, now)
  const parts = path.split('/')
  const kindOf = (at: number) => (at === parts.length - 1 ? 'file' : 'dir')
  const changed = parts.map((part, at) => transform?.(part, kindOf(at), never) ?? part)
  return (await Promise.all(changed)).join('/')
}

const fox = 'stories/The Quick Brown Fox!.txt'
const cafe = 'stories/The Quick Brown 🦊 Fox Went to the Café!.txt'
const long = 'stories/Вот русское предложение, в котором байтов больше, чем символов.txt'

describe('the answers of rclone 1.76 in its documentation and tests', () => {
  test.each([
    [fox, 'STORIES/THE QUICK BROWN FOX!.TXT', ['all,uppercase']],
    [fox, 'stories/The Slow Brown Turtle!.txt', ['all,replace=Fox:Turtle', 'all,replace=Quick:Slow']],
    [fox, 'c3Rvcmllcw==/VGhlIFF1aWNrIEJyb3duIEZveCEudHh0', ['all,base64encode']],
    ['c3Rvcmllcw==/VGhlIFF1aWNrIEJyb3duIEZveCEudHh0', fox, ['all,base64decode']],
    [cafe, cafe.normalize('NFC'), ['all,nfc']],
    [cafe, cafe.normalize('NFD'), ['all,nfd']],
    ['stories/The Quick Brown 🦊 Fox!.txt', 'stories/The Quick Brown  Fox!.txt', ['all,ascii']],
    ['stories/The Quick Brown 🦊 Fox!.txt', 'stories/The+Quick+Brown+%F0%9F%A6%8A+Fox%21.txt', ['all,url']],
    [fox, 'stories/The Quick Brown Fox!', ['all,trimsuffix=.txt']],
    [fox, 'OLD_stories/OLD_The Quick Brown Fox!.txt', ['all,prefix=OLD_']],
    [cafe, 'stories/The Quick Brown _ Fox Went to the Caf_!.txt', ['all,charmap=ISO-8859-7']],
    [
      'stories/The Quick Brown Fox: A Memoir [draft].txt',
      'stories/The Quick Brown Fox： A Memoir ［draft］.txt',
      ['all,encoder=Colon,SquareBracket'],
    ],
    [cafe, 'stories/The Quick Brown 🦊 Fox', ['all,truncate=21']],
    [long, long, ['truncate=70']],
    [long, 'stories/Вот русское предложение, в котором байтов больше, чем символ', ['truncate=60']],
    [long, long, ['truncate_bytes=300']],
    [long, 'stories/Вот русское предложение, в котором бай', ['truncate_bytes=70']],
    [long, 'stories/Вот русское предложение, в котором байтов больше, чем си.txt', ['truncate_keep_extension=60']],
    [long, 'stories/Вот русское предложение, в котором б.txt', ['truncate_bytes_keep_extension=70']],
    [fox, fox, ['all,command=echo']],
    [fox, `${fox}-20260731`, ['date=-{YYYYMMDD}']],
    [fox, 'ababababababab/ababab ababababab ababababab ababab!abababab', ['all,regex=[\\.\\w]/ab']],
    ['toe/toe/toe', 'tictactoe/tictactoe/tictactoe', ['all,prefix=tac', 'all,prefix=tic']],
    ['a/b/c.txt', 'a/b/1c.txt', ['file,prefix=1']],
    ['a/b/c.txt', '1a/1b/c.txt', ['dir,prefix=1']],
    ['toe/toe', 'toe/toe', ['prefix=tac', 'trimprefix=tac']],
    ['sub dir/hello.tar.gz', 'sub dir_x/hello_x.tar.gz', ['all,suffix_keep_extension=_x']],
    ['deep.txt', 'deep.txt.x', ['suffix=.x']],
    ['deep.txt', 'DEEP.TXT', ['titlecase']],
    ['deep.txt', 'deep.txt', ['encoder=Dot']],
  ])('%s is %s', async (path, expected, texts) => {
    expect(await transformed(path, ...texts)).toBe(expected)
  })
})

describe('every kind', () => {
  test.each([
    ['none', 'Ab é', 'Ab é'],
    ['NONE', 'Ab é', 'Ab é'],
    ['nfc', 'e\u0301', '\u00e9'],
    ['nfd', '\u00e9', 'e\u0301'],
    ['nfkc', 'ﬁ\u2460', 'fi1'],
    ['nfkd', '\u00e9ﬁ', 'e\u0301fi'],
    ['replace=a:', 'banana', 'bnn'],
    ['replace=:-', 'a😀', '-a-😀-'],
    ['replace=.:$&', 'a.b', 'a$&b'],
    ['trimprefix=ab', 'ababc', 'abc'],
    ['trimsuffix=', 'abc', 'abc'],
    ['date={DateOnly} {DateOnly}', 'a', 'aDateOnly} {DateOnly'],
    ['date=-{{DateOnly}}', 'a', 'a-2026-07-31'],
    ['date=_{mac}', 'a', 'a_2026-07-31 0340PM'],
    ['date=_{MacFriendlyTime}', 'a', 'a_2026-07-31 0340PM'],
    ['date=_{2006}', 'a', 'a_2026'],
    ['date=_plain', 'a', 'a_plain'],
    ['truncate=0', 'abc', 'abc'],
    ['truncate=-1', 'abc', 'abc'],
    ['truncate=2', '😀😀😀', '😀😀'],
    ['truncate_bytes=5', '😀😀😀', '😀'],
    ['truncate_keep_extension=6', 'deep.txt', 'de.txt'],
    ['truncate_bytes_keep_extension=6', 'éééé.txt', 'é.txt'],
    ['base64encode', '??>', 'Pz8-'],
    ['base64decode', '.DS_Store', '.DS_Store'],
    ['encoder=Asterisk', '*＊', '＊‛＊'],
    ['decoder=Asterisk', 'a＊b', 'a*b'],
    ['encoder=0x80', 'a:b', 'a：b'],
    ['ISO-8859-1', 'é€œ', 'é__'],
    ['Windows-1252', 'é€œĳ', 'é€œ_'],
    ['windows-1252', '“x”', '“x”'],
    ['Macintosh', 'é√Ж', 'é√_'],
    ['charmap=koi8-r', 'Жé', 'Ж_'],
    ['charmap=IBM-Code-Page-437', 'é☺█', 'é_█'],
    ['charmap=Windows-Code-Page-858', '€ı', '€_'],
    ['charmap=ISO-8859-16', 'Șé', 'Șé'],
    ['lowercase', 'ΑΣ İ Ǆ', 'ασ i ǆ'],
    ['uppercase', 'straße ﬁ ǆ ᾳ', 'STRAßE ﬁ Ǆ ᾼ'],
    ['titlecase', 'straße ǆ ა', 'STRAßE ǅ ა'],
    ['ascii', 'a\u00e9b', 'ab'],
    ['url', "a b*'()~-_.", 'a+b%2A%27%28%29~-_.'],
    ['regex=a*/x', 'baac', 'xbxcx'],
    ['regex=(.)(.)/$2${1}$$', 'abcd', 'ba$dc$'],
    ['regex=(?P<first>.)b/$first_${first}$1x$9', 'ab', 'a'],
    ['regex=(?i)B/<$0>', 'abc', 'a<b>c'],
  ])('%s makes of %s', async (text, name, expected) => {
    expect(await transformed(name, text)).toBe(expected)
  })

  test('names are changed as they are shown, and bytes that are no UTF-8 stay', async () => {
    expect(await transformed('a\u0001b', 'suffix=␂')).toBe('a\u0001b\u0002')
    const bytes = nameFromBytes(Uint8Array.of(0x61, 0xff))
    expect(await transformed(bytes, 'uppercase', 'suffix=x')).toBe(`A${bytes.slice(1)}x`)
    expect(await transformed(bytes, 'base64encode')).toBe('Yf8=')
    expect(await transformed('Yf8=', 'base64decode')).toBe(bytes)
  })
})

describe('what gives no name', () => {
  const made = (text: string, name: string) => expect(transformed(name, text)).rejects

  test.each([
    ['replace=-:/', 'a-b', 'transform cannot add path separators: a/b'],
    ['trimprefix=abc', 'abc', 'transform cannot render path segments empty'],
    ['replace=a: ', 'aa', 'transform cannot render path segments empty'],
    ['trimprefix=x', 'x..', 'transform cannot make ".." of a name'],
    ['trimprefix=x', 'x.', 'transform cannot make "." of a name'],
    ['base64decode', 'AAAA', 'transform cannot make "\\x00\\x00\\x00" of a name'],
    ['base64decode', 'a.b', 'not Base64'],
    ['base64decode', 'Li4vYQ==', 'transform cannot add path separators: ../a'],
    ['decoder=Slash', 'a／b', 'transform cannot add path separators: a/b'],
    ['truncate_keep_extension=3', 'photo.jpeg', 'extension is longer than the truncation limit'],
    ['truncate_keep_extension=2', 'a.tar.gz', 'extension is longer than the truncation limit'],
    ['truncate_bytes=1', 'éa', 'could not truncate to valid UTF-8'],
    ['command=false', 'a', 'exit status 1'],
    ['command=/no/such/program', 'a', 'fork/exec /no/such/program: no such file or directory'],
    ['command=no-such-program', 'a', 'exec: "no-such-program": executable file not found in $PATH'],
  ])('%s of %s', async (text, name, message) => {
    await made(text, name).toMatchObject({
      code: 'invalid-name',
      retry: 'never',
      message: expect.stringContaining(message),
    })
  })
})

test.each([
  ['nosuch=1', 'invalid choice "nosuch" from: none, nfc, nfd'],
  ['prefix', 'value is required for prefix'],
  ['=x', 'key cannot be blank'],
  ['prefix=a=b', 'too many values'],
  ['replace=a', 'wrong number of values: a'],
  ['replace=a:b:c', 'wrong number of values: a:b:c'],
  ['regex=x', 'regex syntax error: x'],
  ['regex=(/x', 'regex syntax error'],
  ['truncate=many', 'strconv.Atoi: parsing "many": invalid syntax'],
  ['encoder=Nosuch', 'bad encoding "Nosuch"'],
  ['charmap=Nosuch', 'invalid choice "Nosuch" from: IBM-Code-Page-037'],
  ['charmap', 'invalid choice "" from: IBM-Code-Page-037'],
  ['index=1', 'rclone lists this kind'],
  ['everything,nfc', 'invalid choice "everything,nfc"'],
])('%s is refused before anything is done', async (text, message) => {
  await expect(loadNameTransform([text], now)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(message),
  })
})

test('no values are no transform, and an empty one changes nothing', async () => {
  expect(await loadNameTransform([], now)).toBeUndefined()
  expect(await transformed('a/b', '')).toBe('a/b')
})

test('a program is given the name as it is, in no shell, and is ended with the run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fjord-program-'))
  try {
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\nprintf " <%s> " "$1"\n')
    chmodSync(program, 0o755)
    expect(await transformed('$(id) `x` "y"', `command=${program}`)).toBe('<$(id) `x` "y">')
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n')
    const stop = new AbortController()
    const transform = await loadNameTransform([`command=${program}`], now)
    const running = transform?.('a', 'file', stop.signal)
    await vi.waitFor(() => expect(running).toBeDefined())
    stop.abort(new Error('stopped'))
    await expect(running).rejects.toThrow('stopped')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
