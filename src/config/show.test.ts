import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeDeps } from '../../test/support/fake-deps.ts'
import { fakeRemotes } from '../../test/support/fake-remotes.ts'
import {
  filterRemotes,
  jsonRemoteLines,
  listRemotes,
  longRemoteLines,
  orderRemotes,
  remoteLines,
  type ListedRemote,
} from './list-remotes.ts'
import { describeRemote, dumpConfig, redactConfig, showConfig, showRemote, type ShowDeps } from './show.ts'

const file =
  '[here]\ntype = alias\nremote = src\n\n[loc]\ntype = local\n\n[secret]\ntype = cloud\npassword = xyz\nu = <é>\n\n' +
  '[none]\nremote = x\n\n[9]\ntype = local\n\n[10]\ntype = drive\nk = %(type)s\n\n'
const { table } = fakeRemotes({ accessToken: '', tokenType: '', refreshToken: '', expiry: 0n })

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'show-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function deps(config = file, environment: Record<string, string> = {}): Promise<ShowDeps> {
  await writeFile(join(dir, 'rclone.conf'), config)
  return await fakeDeps(dir, { environment, table })
}

async function listed(config = file, environment: Record<string, string> = {}): Promise<readonly ListedRemote[]> {
  const shown = await deps(config, environment)
  return listRemotes(shown.config, shown.environment)
}

const has =
  (part: string) =>
  (text: string): boolean =>
    text.includes(part)

describe('config redacted', () => {
  const warning = '### Double check the config for sensitive info before posting publicly'

  test('hides what is secret or personal, also in what a value stands for', async () => {
    const text = [
      '[c]',
      'type = cloud',
      'password = xyz',
      'pin = 1k',
      'token = {"a":1}',
      'tokenURL = https://me:mine@id/x',
      'username = me',
      'auth_code = xyz',
      'device = desk',
      'hard_delete = true',
      '[a]',
      'type = alias',
      `remote = c,token='{"a":"mine"}',device=d:x`,
      '[d]',
      'type = drive',
      'api_key = mine',
      'password2 =',
      '',
    ].join('\n')
    expect(await redactConfig(undefined, await deps(text))).toEqual([
      '[a]',
      'type = alias',
      'remote = c,token=XXX,device=d:x',
      '',
      '[c]',
      'type = cloud',
      'password = XXX',
      'pin = XXX',
      'token = XXX',
      'tokenURL = https://me:XXX@id/x',
      'username = XXX',
      'auth_code = XXX',
      'device = desk',
      'hard_delete = true',
      '',
      '[d]',
      '# didn\'t find backend called "drive"',
      'type = drive',
      'api_key = XXX',
      'password2 = ',
      warning,
    ])
  })

  test('of one remote gives that alone', async () => {
    expect(await redactConfig('secret:', await deps())).toEqual([
      '[secret]',
      'type = cloud',
      'password = XXX',
      'u = <é>',
      warning,
    ])
    expect(await redactConfig('nosuch', await deps())).toEqual([
      '[nosuch]',
      '# couldn\'t find type of fs for "nosuch"',
      warning,
    ])
  })
})

describe('config show', () => {
  test('gives the file as it would be saved', async () => {
    expect(showConfig(await deps())).toBe(file)
    expect(showConfig(await deps(''))).toBe('; empty config\n')
  })

  test.each([
    ['here:', ['[here]', 'type = alias', 'remote = src']],
    ['secret', ['[secret]', 'type = cloud', 'password = *** ENCRYPTED ***', 'u = <é>']],
    ['nosuch', ['[nosuch]', '# couldn\'t find type of fs for "nosuch"']],
    ['', ['[]', '# couldn\'t find type of fs for ""']],
    ['none', ['[none]', '# couldn\'t find type of fs for "none"', 'remote = x']],
    ['10', ['[10]', '# didn\'t find backend called "drive"', 'type = drive', 'k = drive']],
  ])('of %j gives its lines', async (name, lines) => {
    expect(await showRemote(name, await deps())).toEqual(lines)
  })

  test('after a change hides the login, too', async () => {
    const text =
      '[c]\ntype = cloud\npassword = xyz\ntoken = {"a":1}\nclient_secret = s\ntokenURL = https://id\nusername = u\n'
    const shown = ['token = XXX', 'client_secret = XXX', 'tokenURL = https://id', 'username = u']
    expect(await describeRemote('c', await deps(text))).toEqual([
      '[c]',
      'type = cloud',
      'password = *** ENCRYPTED ***',
      ...shown,
    ])
  })

  test('puts the environment before the file (env-remote-overrides-file)', async () => {
    const lines = await showRemote('here', await deps(file, { RCLONE_CONFIG_HERE_REMOTE: 'dst' }))
    expect(lines).toEqual(['[here]', 'type = alias', 'remote = dst'])
  })
})

describe('config dump', () => {
  test('is JSON as Go writes it, sorted by bytes, without a line end', async () => {
    expect(dumpConfig(await deps(file, { RCLONE_CONFIG_HERE_REMOTE: 'dst' }))).toBe(
      `{
    "10": {
        "k": "drive",
        "type": "drive"
    },
    "9": {
        "type": "local"
    },
    "here": {
        "remote": "dst",
        "type": "alias"
    },
    "loc": {
        "type": "local"
    },
    "none": {
        "remote": "x"
    },
    "secret": {
        "password": "xyz",
        "type": "cloud",
        "u": "\\u003cé\\u003e"
    }
}`,
    )
    expect(dumpConfig(await deps(''))).toBe('{}')
  })
})

describe('listremotes', () => {
  const fixture = '[here]\ntype = alias\ndescription = the source\n\n[loc]\ntype = local\n\n[x]\nremote = no type\n'
  const environment = { RCLONE_CONFIG_FROMENV_TYPE: 'alias', RCLONE_CONFIG_LOC_TYPE: 'memory' }

  test('has those of the environment first, each once, and none without a type', async () => {
    expect(remoteLines(await listed(fixture))).toEqual(['here:', 'loc:'])
    expect(remoteLines(await listed(fixture, environment))).toEqual(['fromenv:', 'loc:', 'here:'])
  })

  test('--long pads name and type', async () => {
    expect(longRemoteLines(await listed(fixture, environment))).toEqual([
      'fromenv: alias  ',
      'loc:     memory ',
      'here:    alias  the source',
    ])
    expect(longRemoteLines([])).toEqual([])
  })

  test('--json has an object a line', async () => {
    expect(jsonRemoteLines(await listed(fixture))).toEqual([
      '[',
      '{"name":"here","type":"alias","source":"file","description":"the source"},',
      '{"name":"loc","type":"local","source":"file","description":""}',
      ']',
    ])
    expect(jsonRemoteLines([])).toEqual(['[', ']'])
  })

  test('filters by any field or by each', async () => {
    const all = await listed(fixture, environment)
    expect(remoteLines(filterRemotes(all, { any: has('source') }))).toEqual(['here:'])
    expect(remoteLines(filterRemotes(all, { any: has('o'), source: has('env') }))).toEqual(['fromenv:', 'loc:'])
    expect(remoteLines(filterRemotes(all, { type: has('alias'), name: has('here') }))).toEqual(['here:'])
  })

  test('sorts by fields', async () => {
    const all = await listed(fixture, environment)
    expect(remoteLines(orderRemotes(all, 'type=desc,name'))).toEqual(['loc:', 'fromenv:', 'here:'])
    expect(orderRemotes(all, '')).toBe(all)
    expect(() => orderRemotes(all, 'size')).toThrow('unknown --order-by field "size"')
    expect(() => orderRemotes(all, 'name=up')).toThrow('unknown --order-by direction "up"')
  })
})
