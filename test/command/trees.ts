import { Buffer } from 'node:buffer'
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names that something on the way might mangle. */
export const oddNames = [
  'with space',
  ' leading and trailing ',
  'plus + and # and % and & and ; and ?',
  '100%41.txt',
  `quotes ' " and \`ticks\``,
  'colon: star* pipe| <angle>',
  'back\\slash',
  'æøå ÆØÅ',
  '日本語',
  'emoji 😀 and 🏔️',
  'ends with dots...',
  '．',
  '：full width and ‛quoted',
  'tab\tand\nnewline',
  '[brackets]{x}',
  'a'.repeat(200),
  '-dash',
  '~tilde',
]

/** A file `names`, each in a folder of the same name, an empty file, an empty folder, and a name that is no UTF-8. */
export function makeOddTree(root: string): void {
  for (const [at, name] of oddNames.entries()) {
    mkdirSync(join(root, name), { recursive: true })
    writeFileSync(join(root, name, `${name.slice(0, 100)}.txt`), `content ${at}`)
  }
  writeFileSync(join(root, 'empty file'), '')
  mkdirSync(join(root, 'empty folder'))
  writeFileSync(Buffer.concat([Buffer.from(`${root}/not utf-8 `), Buffer.of(0xff, 0xfe, 0x41)]), 'bytes')
}

/** A folder in a folder, `depth` levels, with a file at the bottom. */
export function makeDeepTree(root: string, depth: number): void {
  const bottom = join(root, ...Array.from({ length: depth }, (_, level) => `d${level}`))
  mkdirSync(bottom, { recursive: true })
  writeFileSync(join(bottom, 'bottom.txt'), 'deep down')
}

/** Every path below `root` in bytes (latin1), with what is there: 'dir', or content and whole seconds of modification. */
export function snapshot(root: string): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (dir: Buffer): void => {
    for (const name of readdirSync(dir, { encoding: 'buffer' })) {
      const path = Buffer.concat([dir, Buffer.from('/'), name])
      const info = statSync(path)
      const key = path.toString('latin1').slice(Buffer.byteLength(root) + 1)
      if (info.isDirectory()) {
        found.set(key, 'dir')
        visit(path)
      } else {
        found.set(key, `${readFileSync(path).toString('latin1')} @ ${Math.floor(info.mtimeMs / 1000)}`)
      }
    }
  }
  visit(Buffer.from(root))
  return found
}

/** Sets a file's time of modification to whole seconds. */
export function setTime(path: string, seconds: number): void {
  utimesSync(path, seconds, seconds)
}
