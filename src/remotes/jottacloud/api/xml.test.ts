import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createXmlReader, integerOf, readXml, textOf } from './xml.ts'

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n\n'

async function* pieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

describe('a document', () => {
  test('keeps spaces, entities and characters cut by the pieces it comes in', async () => {
    const text =
      '<folder name=" &lt;æ&#x1F600;&quot; "><path xml:space="preserve"> a &amp; b <![CDATA[<c>]]></path></folder>'
    for (const size of [1, 2, 3, 1000]) {
      const root = await readXml(pieces(prolog + text, size))
      expect(root.attributes['name']).toBe(' <æ😀" ')
      expect(textOf(root, 'path')).toBe(' a & b <c>')
    }
  })

  test('hands out items as they end and does not keep them', () => {
    const reader = createXmlReader((name) => name === 'file')
    expect(reader.write(Buffer.from('<folder><files><file name="a"><x>1</x></file><file'))).toMatchObject([
      { name: 'file', attributes: { name: 'a' }, children: [{ name: 'x', text: '1' }] },
    ])
    expect(reader.root?.name).toBe('folder')
    expect(reader.write(Buffer.from(' name="b"/></files></folder>'))).toMatchObject([{ attributes: { name: 'b' } }])
    expect(reader.end().children).toMatchObject([{ name: 'files', children: [] }])
  })

  test('a name like a property of every object is only a name', async () => {
    const root = await readXml(pieces('<a __proto__="1" constructor="2"/>'))
    expect(Object.entries(root.attributes)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
  })

  test('numbers are whole, or absent', async () => {
    const root = await readXml(pieces('<a><n> -1 </n><e></e><x>1.5</x></a>'))
    expect(integerOf(root, 'n')).toBe(-1)
    expect(integerOf(root, 'e')).toBeUndefined()
    expect(integerOf(root, 'none')).toBeUndefined()
    expect(() => integerOf(root, 'x')).toThrow(expect.objectContaining({ code: 'protocol' }))
  })
})

describe('refuses', () => {
  test.each([
    ['nothing', ''],
    ['text', 'Bad request'],
    ['an end that is missing', '<a><b></b>'],
    ['a wrong end', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['characters that XML has not', '<a>\u0001</a>'],
    ['references to them', '<a>&#1;</a>'],
    ['entities that are not defined', '<a>&nbsp;</a>'],
    ['document types', '<!DOCTYPE a><a/>'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['external entities', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['one attribute twice', '<a b="1" b="2"/>'],
    ['a bare ampersand', '<a b="x & y"/>'],
    ['deep nesting', '<a>'.repeat(100_000)],
  ])('%s', async (_, text) => {
    const reading = readXml(pieces(text, 4096))
    await expect(reading).rejects.toMatchObject({ name: 'StorageError', code: 'protocol', retry: 'later' })
  })

  test('bytes that are no UTF-8', async () => {
    for (const bytes of [
      [0x3c, 0x61, 0x3e, 0xff],
      [0x3c, 0x61, 0x2f, 0x3e, 0xc3],
    ]) {
      const reader = createXmlReader()
      expect(() => {
        reader.write(Uint8Array.from(bytes))
        reader.end()
      }).toThrow(expect.objectContaining({ code: 'protocol' }))
    }
  })

  test('whatever comes, with no other error', async () => {
    const markup = fc.constantFrom(
      '<a',
      '<b>',
      '</b>',
      '</a>',
      '>',
      '/>',
      '&amp;',
      '&',
      '"',
      "'",
      ' x="',
      '<!--',
      '-->',
      ']]>',
      '<?',
      'é',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(markup, { maxLength: 12 }), async (parts) => {
        await readXml(pieces(parts.join(''))).catch((error: unknown) =>
          expect(error).toMatchObject({ code: 'protocol' }),
        )
      }),
    )
  })
})
