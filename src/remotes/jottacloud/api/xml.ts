import { SaxesParser } from 'saxes'
import { StorageError } from '../../../core/errors.ts'
import type { ByteStream } from '../../../core/stream.ts'

/** An element of a document, with all that is in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** Takes a document piece by piece. */
export interface XmlReader {
  /**
   * Takes the next bytes and gives the items that ended in them.
   * @throws StorageError 'protocol' for what is no well-formed UTF-8 XML, for a DOCTYPE, for absurd nesting, and where 16 MiB
   * go by without an item
   */
  write(chunk: Uint8Array): readonly XmlElement[]
  /** The document's element, from its start tag on; items are not kept in it, nor the text before them. */
  readonly root: XmlElement | undefined
  /** The document's element, now complete. @throws StorageError 'protocol' where the document is not */
  end(): XmlElement
}

interface OpenElement extends XmlElement {
  text: string
  readonly children: XmlElement[]
}

const deepest = 16
const longestItem = 16 * 1024 * 1024

/**
 * A reader for documents of any length.
 * @param isItem which elements are handed out as soon as they end; `depth` is 0 for the document's element
 */
export function createXmlReader(isItem: (name: string, depth: number) => boolean = () => false): XmlReader {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const open: OpenElement[] = []
  let items: XmlElement[] = []
  let withoutItem = 0
  let root: OpenElement | undefined

  parser.on('doctype', () => {
    throw new Error('a document type is not allowed')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= deepest) throw new Error('elements are nested too deep')
    const element = { name, attributes, text: '', children: [] }
    open.push(element)
    root ??= element
  })
  const addText = (text: string): void => {
    const current = open.at(-1)
    if (current) current.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const element = open.pop()
    if (!element) return
    const around = open.at(-1)
    if (!isItem(element.name, open.length)) around?.children.push(element)
    else {
      items.push(element)
      // A document may have a million of them, and white space between each two
      if (around) around.text = ''
    }
  })

  return {
    write(chunk) {
      items = []
      withoutItem += chunk.length
      if (withoutItem > longestItem) throw malformed('it is too long')
      wellFormed(() => parser.write(decoder.decode(chunk, { stream: true })))
      if (items.length > 0) withoutItem = 0
      return items
    },
    get root() {
      return root
    },
    end() {
      wellFormed(() => parser.write(decoder.decode()).close())
      if (!root) throw malformed('it is empty')
      return root
    },
  }
}

/**
 * A whole document.
 * @throws StorageError 'protocol', also above 16 MiB
 */
export async function readXml(body: ByteStream): Promise<XmlElement> {
  const reader = createXmlReader()
  for await (const chunk of body) reader.write(chunk)
  return reader.end()
}

/** The first child of a name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name)
}

/** The text of the first child of a name, spaces kept, since names may begin and end with them. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text
}

/** The whole number in the first child of a name; undefined where it is absent or empty. @throws StorageError 'protocol' */
export function integerOf(element: XmlElement, name: string): number | undefined {
  const text = textOf(element, name)?.trim() ?? ''
  if (text === '') return undefined
  if (!/^-?\d{1,19}$/.test(text)) throw malformed(`<${name}> is no number`)
  return Number(text)
}

function wellFormed(parse: () => void): void {
  try {
    parse()
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error), error)
  }
}

function malformed(why: string, cause?: unknown): StorageError {
  return new StorageError('protocol', `The service sent a document that cannot be read: ${why}`, {
    retry: 'later',
    cause,
  })
}
