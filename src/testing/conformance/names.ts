import assert from 'node:assert/strict'
import type { ErrorCode } from '../../core/errors.ts'
import { isStorageError } from '../../core/errors.ts'
import { entriesOf } from './trial.ts'
import type { Tests, Trial } from './trial.ts'

const twins = '％＃？＆：／＼＊＜＞｜＂．␀␁␊␠␡'

/** Names every place must keep. */
const plain: Readonly<Record<string, string>> = {
  'a space': 'two words.txt',
  'several spaces': 'a  b   c',
  plus: 'a+b',
  'hash sign': 'a#b#',
  percent: '100%',
  'percent escapes': '%20%2F%00%zz',
  ampersand: 'a&b&amp;c',
  semicolon: 'a;b',
  comma: 'a,b',
  equals: 'a=b',
  'at sign': 'a@b',
  'single quote': "it's",
  brackets: '[a]{b}(c)',
  'dollar and tilde': '~$a~',
  'a leading dot': '.hidden',
  'a leading dash': '-rf',
  'Norwegian letters': 'blåbærsyltetøy ÆØÅ',
  'Japanese letters': '日本語',
  emoji: 'smile 😀 mountain 🏔️',
  '200 letters': 'x'.repeat(200),
  'a dot inside': 'a.b..c',
}

/** Names that a place may refuse; what it takes, it must keep. */
const odd: Readonly<Record<string, string>> = {
  'double quote': 'say "so"',
  'emoji with a joiner': 'family 👨‍👩‍👧',
  'question mark': 'what?',
  asterisk: 'a*b',
  colon: 'a:b',
  'angles and bar': '<a>|b',
  backslash: 'a\\b',
  'a leading space': ' a',
  'a trailing space': 'a ',
  'only a space': ' ',
  'a trailing dot': 'a.',
  'three dots': '...',
  'dots in front': '..a',
  'dots and a space': '.. ',
  'fullwidth twins': twins,
  'fullwidth dots': '．．',
  'the quote of encodings': '‛a ‛‛ ‛％',
  'a tab': 'a\tb',
  'a line feed': 'a\nb',
  'a carriage return': 'a\r',
  'an escape sequence': 'a\u001b[31mb',
  delete: 'a\u007f',
  'a C1 control': 'a\u0085b',
  'text direction': 'a\u202egpj.exe',
  'a byte order mark': '\ufeffa',
  'a reserved name': 'CON',
  'a partial name': 'a.0a1b2c3d.partial',
  'a zero-width joiner': 'a\u200db',
}

/** Names that no place may take for a file's. */
const improper = ['..', '.', '../escaped', 'dir/../escaped', 'dir/./a', 'a//b', 'a\0b']

/** What names survive. */
export const nameTests: Tests = {
  ...each(plain, 'a name is kept', roundTrip),

  ...each(odd, 'a name is kept or refused', async (trial, name) => {
    if (await orRefused(trial.put(`probe/${name}`, name), 'invalid-name')) await roundTrip(trial, name)
    else assert.deepEqual(await namesOf(trial, 'probe'), [])
  }),

  'names that look alike are different files, or refused': async (trial) => {
    const names = ['%', '％', '%25', 'a', 'ａ', '‛％', '..b', '．．b']
    const taken: string[] = []
    for (const name of names) if (await orRefused(trial.put(`d/${name}`, name), 'invalid-name')) taken.push(name)
    assert.deepEqual(await trial.names('d'), taken.sort())
    for (const name of taken) assert.equal(await trial.text(`d/${name}`), name)
  },

  'case matters exactly where the facts say so': async (trial) => {
    await trial.put('name', 'lower')
    await trial.put('NAME', 'upper')
    const { caseInsensitive } = trial.remote.facts(trial.at(''))
    assert.equal((await trial.names('')).length, caseInsensitive ? 1 : 2)
    assert.equal(await trial.text('name'), caseInsensitive ? 'upper' : 'lower')
    assert.equal(await trial.text('NAME'), 'upper')
  },

  'fifty levels of directories': async (trial) => {
    const path = Array.from({ length: 50 }, (_, i) => `level ${i}`).join('/')
    await trial.put(path, 'deep')
    assert.equal(await trial.text(path), 'deep')
    assert.equal(Object.keys(await trial.everything()).length, 50)
  },

  'a path that is no path never leads anywhere': async (trial) => {
    await trial.put('dir/file', 'x')
    const before = await trial.everything()
    for (const path of improper) {
      const full = `${trial.at('dir')}/${path}`
      const refused: readonly ErrorCode[] = ['invalid-name']
      assert.equal(await orRefused(trial.put(`dir/${path}`, 'y'), ...refused), undefined, `write ${full}`)
      assert.equal(await orRefused(trial.remote.stat(full), ...refused), undefined, `stat ${full}`)
      await assert.rejects(trial.remote.mkdir(full), `mkdir ${full}`)
      await assert.rejects(trial.remote.open(full), `open ${full}`)
      await assert.rejects(trial.remote.remove(full), `remove ${full}`)
      await assert.rejects(trial.remote.rmdir(full), `rmdir ${full}`)
      await assert.rejects(entriesOf(trial.remote.list(full)), `list ${full}`)
    }
    assert.deepEqual(await trial.everything(), before)
  },
}

function each(
  names: Readonly<Record<string, string>>,
  claim: string,
  body: (trial: Trial, name: string) => Promise<void>,
): Tests {
  return Object.fromEntries(
    Object.entries(names).map(([what, name]) => [`${claim}: ${what}`, (trial: Trial) => body(trial, name)]),
  )
}

/** Writes, finds, reads and removes under `name`, as a file and as a directory. */
async function roundTrip(trial: Trial, name: string): Promise<void> {
  const { remote, put, text, stat, at } = trial
  await put(`f/${name}`, 'file')
  await put(`d/${name}/inside`, 'dir')
  assert.deepEqual(await namesOf(trial, 'f'), [name])
  assert.deepEqual(await namesOf(trial, `d/${name}`), ['inside'])
  assert.equal((await stat(`f/${name}`))?.path, at(`f/${name}`))
  assert.equal(await text(`f/${name}`), 'file')
  assert.equal(await text(`d/${name}/inside`), 'dir')
  await remote.remove(at(`f/${name}`))
  assert.deepEqual(await namesOf(trial, 'f'), [])
}

async function namesOf(trial: Trial, dir: string): Promise<readonly string[]> {
  const found = await trial.stat(dir)
  if (!found) return []
  return (await entriesOf(trial.remote.list(trial.at(dir)))).map((entry) => entry.path.slice(trial.at(dir).length + 1))
}

/** What `action` gives, or undefined where it is refused with one of `codes`. */
async function orRefused<T>(action: Promise<T>, ...codes: readonly ErrorCode[]): Promise<T | undefined> {
  try {
    return await action
  } catch (error) {
    if (isStorageError(error, ...codes)) return undefined
    throw error
  }
}
