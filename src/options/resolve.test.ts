import { describe, expect, test } from 'vitest'
import { globalOptions } from './common.ts'
import { goQuote } from './go-syntax.ts'
import { configKey, envName, flagName, remoteEnvName } from './names.ts'
import { option } from './option.ts'
import {
  commandEnvironment,
  flagLookup,
  givenOptions,
  globalEnvironment,
  resolveOptions,
  storedLookup,
} from './resolve.ts'
import { bool, int, textList } from './types.ts'

const specs = {
  maxDepth: option(int, -1, 'for the test'),
  exclude: option(textList, [], 'for the test'),
  recursive: option(bool, false, 'for the test', { short: 'R' }),
}

describe('names', () => {
  test('are derived from the one in code', () => {
    expect(flagName('noUnicodeNormalization')).toBe('no-unicode-normalization')
    expect(flagName('md5MemoryLimit', 'jottacloud')).toBe('jottacloud-md5-memory-limit')
    expect(envName('max-depth')).toBe('RCLONE_MAX_DEPTH')
    expect(configKey('md5MemoryLimit')).toBe('md5_memory_limit')
    expect(remoteEnvName('my_remote', 'hard_delete')).toBe('RCLONE_CONFIG_MY_REMOTE_HARD_DELETE')
  })
})

describe('values', () => {
  test('come from the first place that has one, else the default', () => {
    const flags = flagLookup(new Map([['maxDepth', ['1', '2']]]))
    const environment = globalEnvironment({ RCLONE_MAX_DEPTH: '9', RCLONE_RECURSIVE: 'true' })
    expect(resolveOptions(specs, [flags, environment])).toEqual({ maxDepth: 2, exclude: [], recursive: true })
  })

  test('of a list on the command line are added to those of the environment', () => {
    const flags = flagLookup(new Map([['exclude', ['*.png']]]))
    const environment = globalEnvironment({ RCLONE_EXCLUDE: '*.jpg,"a,b"', rclone_exclude: 'x', RCLONE_: 'y' })
    expect(resolveOptions(specs, [flags, environment]).exclude).toEqual(['*.jpg', 'a,b', '*.png'])
  })

  test('are known to be given, be it the default', () => {
    const lookups = [flagLookup(new Map([['maxDepth', ['-1']]])), globalEnvironment({ RCLONE_RECURSIVE: 'false' })]
    expect([...givenOptions(specs, lookups)]).toEqual(['maxDepth', 'recursive'])
  })

  test('of a list in a config do not add up', () => {
    const connection = storedLookup((key) => (key === 'exclude' ? 'x' : undefined))
    const file = storedLookup((key) => (key === 'exclude' ? 'y' : undefined))
    expect(resolveOptions(specs, [connection, file]).exclude).toEqual(['x'])
  })

  test('that are bad are refused in the words for their place', () => {
    const { maxDepth, recursive } = specs
    expect(() => resolveOptions({ maxDepth }, [globalEnvironment({ RCLONE_MAX_DEPTH: 'zz' })])).toThrow(
      `Failed to load "main" default values: failed to initialise "main" options: couldn't parse config item "max_depth" = "zz" as int: parsing "zz" as int failed: expected integer`,
    )
    expect(() => resolveOptions({ maxDepth }, [globalEnvironment({ RCLONE_MAX_DEPTH: '' })])).toThrow(
      'Invalid value when setting --max-depth from environment variable RCLONE_MAX_DEPTH="": invalid argument "" for "--max-depth" flag: parsing "" as int failed: EOF',
    )
    const exclude = { ...specs.exclude, group: 'Filter' }
    expect(() => resolveOptions({ exclude }, [globalEnvironment({ RCLONE_EXCLUDE: '"' })])).toThrow(
      `Failed to load "filter" default values: failed to initialise "filter" options: couldn't parse config item "exclude" = "\\"" as []string: parsing "\\"" as []string failed: extraneous or missing " in quoted-field`,
    )
    expect(() => resolveOptions({ recursive }, [commandEnvironment({ RCLONE_RECURSIVE: 'maybe' })])).toThrow(
      'Invalid value when setting --recursive from environment variable RCLONE_RECURSIVE="maybe": invalid argument "maybe" for "-R, --recursive" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    )
    expect(() => resolveOptions({ recursive }, [storedLookup(() => 'maybe')])).toThrow(
      `couldn't parse config item "recursive" = "maybe" as bool: parsing "maybe" as bool failed: strconv.ParseBool: parsing "maybe": invalid syntax`,
    )
  })
})

test('texts are quoted as Go quotes them', () => {
  expect(goQuote('a "b" \\ \n\t\u0001\u007fé😀\udcff\u2028')).toBe(String.raw`"a \"b\" \\ \n\t\x01\x7fé😀\xff\u2028"`)
})

test('every global option is found by its variable', () => {
  for (const [key, global] of Object.entries(globalOptions)) {
    const environment = { [envName(flagName(key))]: 'x' }
    expect(globalEnvironment(environment).find(key, global)).toEqual(['x'])
  }
})
