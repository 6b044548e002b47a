import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const table = allowedImports()
const files = sources('src')
const imports = new Map(files.map((file) => [file, importsOf(file)]))

describe('the house', () => {
  test('imports only what the table of ARCHITECTURE.md allows', () => {
    const wrong = files.flatMap((file) =>
      (imports.get(file) ?? []).filter((to) => !isAllowed(file, to)).map((to) => `${file} imports ${to}`),
    )
    expect(wrong).toEqual([])
  })

  test('has every folder of src in the table', () => {
    const missing = [...new Set(files.map(roomOf))].filter((room) => !table.has(room))
    expect(missing).toEqual([])
  })

  test('has no import cycles', () => {
    expect(findCycle()).toBeUndefined()
  })

  test('has no file over 250 lines', () => {
    const long = files.filter((file) => read(file).trimEnd().split('\n').length > 250)
    expect(long).toEqual([])
  })

  test('touches the process only where it starts and in cli/', () => {
    const wrong = files.filter(
      (file) =>
        !/^src\/(bin\.ts|cli\/)/.test(file) && /\bprocess\.(argv|exit|stdout|stderr|stdin|exitCode)\b/.test(read(file)),
    )
    expect(wrong).toEqual([])
  })
})

function allowedImports(): Map<string, readonly string[]> {
  const rows = read('ARCHITECTURE.md').matchAll(/^\| ([\w/.]+) \| ([\w/ -]+) \|$/gm)
  return new Map([...rows].map(([, room = '', may = '']) => [room, may.split(' ')]))
}

function sources(dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`
    if (entry.isDirectory()) return sources(path)
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : []
  })
}

function importsOf(file: string): string[] {
  const { module } = parseSync(file, read(file))
  const text = read(file)
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  )
  const statics = module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
  )
  return [...statics, ...dynamic, ...exported]
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) =>
      relative(root, normalize(join(root, dirname(file), specifier)))
        .split(sep)
        .join('/'),
    )
}

/** The row of the table that a file belongs to. */
function roomOf(file: string): string {
  const [, first = '', second = ''] = file.split('/')
  if (first !== 'remotes') return first
  return second === 'index.ts' ? 'remotes/index' : `remotes/${second}`
}

function isAllowed(file: string, to: string): boolean {
  const from = roomOf(file)
  const target = roomOf(to)
  const may = table.get(from) ?? []
  return from === target || may.includes(target) || (may.includes('remotes') && target.startsWith('remotes/'))
}

function findCycle(): string | undefined {
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file].join(' → ')
    if (done.has(file)) return undefined
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...trail, file])
      if (cycle !== undefined) return cycle
    }
    done.add(file)
    return undefined
  }
  for (const file of files) {
    const cycle = visit(file, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
