import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { defaultText } from '../src/cli/flag-usage.ts'
import { backendFlags, flagsOf, flagTable } from '../src/cli/flags.ts'
import { globalOptions } from '../src/options/common.ts'
import { remoteTable } from '../src/remotes/index.ts'

// rclone-flags.tsv: the flags of every command, of the local disk and of Jottacloud in rclone 1.76

const here = dirname(fileURLToPath(import.meta.url))

/** Where the default is a fact of the machine or the program, or is written otherwise. */
const otherDefaults = new Set(['bwlimit', 'bwlimit-file', 'cache-dir', 'config', 'rc-addr', 'temp-dir', 'user-agent'])

const definitions = await Promise.all(remoteTable.map((entry) => entry.load()))
const table = flagTable([...flagsOf('global', globalOptions), ...definitions.flatMap(backendFlags)])

test.each(rows())(
  '--%s is known with its letter, type and default',
  (name = '', letter = '', type = '', value = '') => {
    const option = table.long.get(name)?.option
    if (!option) throw new Error('unknown')
    if (letter !== '') expect(table.short.get(letter)?.name).toBe(name)
    expect(option.type.label || 'bool').toBe(type)
    if (!otherDefaults.has(name)) expect(defaultText(option) ?? '').toBe(value)
  },
)

test('an option that is taken is read somewhere', () => {
  const declarations = /^src\/(options\/common|remotes\/\w+\/options\.ts)/
  const sources = files('src').filter((path) => !path.endsWith('.test.ts') && !declarations.test(path))
  const text = sources.map((path) => readFileSync(join(here, '..', path), 'utf8')).join('\n')
  const words = new Set(text.match(/\b\w+\b/g))
  const specs = [globalOptions, ...definitions.map(({ options }) => options)]
  const unread = specs.flatMap((options) =>
    Object.entries(options).flatMap(([key, { effect }]) => (effect === undefined && !words.has(key) ? [key] : [])),
  )
  expect(unread).toEqual([])
})

function rows(): string[][] {
  const lines = readFileSync(join(here, 'rclone-flags.tsv'), 'utf8').split('\n').slice(1).filter(Boolean)
  return lines.map((line) => line.split('\t'))
}

function files(dir: string): readonly string[] {
  return readdirSync(join(here, '..', dir), { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`
    return entry.isDirectory() ? files(path) : [path]
  })
}
