import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bin, fjord, type Ran } from './fjord.ts'

const before = '[a]\ntype = alias\nremote = src\n\n'
let home = ''
let conf = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'config-file-'))
  conf = join(home, 'fjord.conf')
  writeFileSync(conf, before)
})
afterEach(() => rmSync(home, { recursive: true }))

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  fjord(args, { home, env })
const saved = (): string => readFileSync(conf, 'utf8')
const secret = { RCLONE_CONFIG_PASS: 'one' }

// Gives a process mounts of its own, gone with it
const unshare = '/usr/bin/unshare'
const canMount = spawnSync(unshare, ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

/** Runs shell lines with mounts of their own; `fjord` is the command. */
function mounted(script: string): { readonly status: number | null; readonly stderr: string } {
  const shell = `fjord() { '${process.execPath}' '${bin}' "$@"; }\n${script}`
  const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'm', 'rclone.conf') }
  const { status, stderr } = spawnSync(unshare, ['-m', 'sh', '-ec', shell], { cwd: home, env, encoding: 'utf8' })
  return { status, stderr }
}

describe.skipIf(!canMount)('the config file on a mount of its own', () => {
  test('on a disk that is full stays as it was, and the user is told', () => {
    mkdirSync(join(home, 'm'))
    const { status, stderr } = mounted(`
      mount -t tmpfs -o size=16k tmpfs m
      cp fjord.conf m/rclone.conf
      cat /dev/zero > m/fill 2> /dev/null || true
      ! fjord config update a remote dst
      cmp fjord.conf m/rclone.conf
      test "$(ls m)" = "$(printf 'fill\\nrclone.conf')"`)
    expect(stderr).toContain('no space left on device')
    expect(stderr).toContain('Free some space')
    expect(status).toBe(0)
  })

  test.each([
    ['replaced', ''],
    ['written in place', 'mount --bind m/rclone.conf m/rclone.conf'],
  ])('on a disk that has room for itself and for no login uses none up: %s', (_, mount) => {
    mkdirSync(join(home, 'm'))
    const fields = { username: 'u', well_known_link: 'http://127.0.0.1:1/', auth_token: 'once' }
    const token = Buffer.from(JSON.stringify(fields)).toString('base64url')
    const { status, stderr } = mounted(`
      mount -t tmpfs -o size=32k tmpfs m
      touch m/rclone.conf
      ${mount}
      head -c 20k /dev/zero > m/fill
      ! fjord config create j jottacloud config_type=standard config_login_token=${token}
      ! test -s m/rclone.conf
      test "$(ls m)" = "$(printf 'fill\\nrclone.conf')"`)
    expect(stderr).toMatch(/could not save the config file ".*": no space left on device\n/)
    expect(stderr).not.toContain('ECONNREFUSED')
    expect(status).toBe(0)
  })

  test('that is mounted by itself and read-only is said to be that', () => {
    mkdirSync(join(home, 'm'))
    writeFileSync(join(home, 'm', 'rclone.conf'), '')
    const { status, stderr } = mounted(`
      mount --bind fjord.conf m/rclone.conf
      mount -o remount,ro,bind m/rclone.conf
      ! fjord config update --no-output a remote dst
      test "$(ls m)" = rclone.conf`)
    expect(stderr).toMatch(/could not save the config file ".*rclone.conf": read-only file system\n/)
    expect(stderr).toContain('Make it writable, or name another file with --config.')
    expect(status).toBe(0)
  })

  test('that is mounted by itself, and cannot be replaced, is written in place', () => {
    mkdirSync(join(home, 'm'))
    writeFileSync(join(home, 'm', 'rclone.conf'), '')
    const { status, stderr } = mounted(`
      mount --bind fjord.conf m/rclone.conf
      fjord config update --no-output a remote dst
      test "$(ls m)" = rclone.conf`)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(saved()).toBe(before.replace('src', 'dst'))
  })
})

describe.skipIf(process.geteuid?.() !== 0)('a user of whom neither a variable nor the system knows a home', () => {
  const ids = { uid: 54_321, gid: 54_321 }
  const stranger = (args: readonly string[], env: Readonly<Record<string, string>> = {}): unknown => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: home,
      env,
      encoding: 'utf8',
      ...ids,
    })
    return { status, stdout, stderr }
  }

  test('names a config as ever', () => {
    chmodSync(home, 0o777)
    const ran = stranger(['listremotes'], { RCLONE_CONFIG: conf })
    expect(ran).toEqual({ status: 0, stdout: 'a:\n', stderr: '' })
  })

  test.each([{}, { HOME: '' }])('has it in the working directory else, where rclone has it: %j', (env) => {
    chmodSync(home, 0o777)
    const file = join(home, '.rclone.conf')
    expect(stranger(['config', 'file'], env)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`:\n${file}\n`),
    })
    expect(stranger(['config', 'touch'], env)).toMatchObject({ status: 0 })
    expect(existsSync(file)).toBe(true)
    expect(stranger(['config', 'paths'], env)).toMatchObject({
      stdout: expect.stringContaining(`Cache dir:   ${home}/`),
    })
  })
})

describe('the config file', () => {
  test('of many writers at once loses nothing, plain and encrypted', async () => {
    for (const env of [{}, secret]) {
      if (env === secret) execFileSync(process.execPath, [bin, 'config', 'encryption', 'set'], encryptionInput())
      const names = Array.from({ length: 5 }, (_, at) => `${env === secret ? 'x' : 'y'}${at}`)
      const ran = await Promise.all(names.map((name) => run(['config', 'create', name, 'alias', 'remote=src'], env)))
      expect(ran.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
        names.map(() => ({ status: 0, stderr: '' })),
      )
      const { stdout } = await run(['listremotes'], env)
      expect(stdout.split('\n')).toEqual(expect.arrayContaining(names.map((name) => `${name}:`)))
    }
    expect(saved()).toMatch(/^# Encrypted/)
    expect(readdirSync(home).filter((name) => name.startsWith('fjord.conf'))).toEqual(['fjord.conf'])
  })

  test('that is damaged is never written over, by no command', async () => {
    const damaged = [
      `${before}justaword`,
      'RCLONE_ENCRYPT_V0:\nAAAA',
      'RCLONE_ENCRYPT_V1:\nAAAA',
      `RCLONE_ENCRYPT_V0:\n${'A'.repeat(88)}`,
    ]
    const commands = [
      ['config', 'create', 'b', 'alias', 'remote=x'],
      ['config', 'update', 'a', 'remote=x'],
      ['config', 'delete', 'a'],
      ['config', 'touch'],
      ['config', 'encryption', 'remove'],
      ['config'],
    ]
    for (const text of damaged) {
      for (const command of commands) {
        writeFileSync(conf, text)
        const { status, stderr } = await run(command, secret)
        expect(stderr).toContain(`CRITICAL: Failed to load config file "${conf}": `)
        expect(status).toBe(1)
        expect(saved()).toBe(text)
      }
    }
  })

  test('that is a symbolic link stays one', async () => {
    const link = join(home, 'link.conf')
    symlinkSync('fjord.conf', link)
    await run(['config', 'update', 'a', 'remote', 'dst'], { RCLONE_CONFIG: link })
    expect(statSync(conf).isFile()).toBe(true)
    expect(readFileSync(link, 'utf8')).toBe(before.replace('src', 'dst'))
    expect(saved()).toBe(before.replace('src', 'dst'))
  })

  test('that is missing is made by touch, for its owner alone', async () => {
    const path = join(home, 'new', 'rclone.conf')
    expect((await run(['config', 'touch'], { RCLONE_CONFIG: path })).status).toBe(0)
    expect(statSync(path)).toMatchObject({ size: 0 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await run(['config', 'touch'], { RCLONE_CONFIG: '' })).status).toBe(0)
    expect(existsSync(join(home, '.config'))).toBe(false)
  })

  test('encrypted, does not let its password be guessed by who is not asked', async () => {
    execFileSync(process.execPath, [bin, 'config', 'encryption', 'set'], encryptionInput())
    const { status, stderr } = await run(['--ask-password=false', 'lsf', '.'])
    expect(status).toBe(1)
    expect(stderr).toContain('not allowed to ask for password - set RCLONE_CONFIG_PASS')
    const changed = await run(
      ['config', 'encryption', 'set', '--password-command', 'sh -c "echo p$RCLONE_PASSWORD_CHANGE"'],
      secret,
    )
    expect(changed.stderr).toContain('using --password-command derived password, unable to decrypt configuration')
  })
})

describe('secrets', () => {
  test('of passwords come from standard input, and are not shown again', async () => {
    const input = { ...encryptionInput(), input: 'potato\n' }
    const obscured = execFileSync(process.execPath, [bin, 'obscure', '-'], input).toString()
    expect((await run(['reveal', '--', obscured.trim()])).stdout).toBe('potato\n')
    const shown = execFileSync(process.execPath, [bin, 'config', 'password', 'a', 'password', '-'], input).toString()
    expect(shown).toBe('[a]\ntype = alias\nremote = src\npassword = XXX\n')
    expect((await run(['config', 'redacted'])).stdout).toContain('password = XXX\n')
  })

  test('of a login are shown by show and dump alone', async () => {
    const token = '{"access_token":"aaa-secret","refresh_token":"rrr-secret"}'
    const created = await run(['config', 'create', 'j', 'jottacloud', `token=${token}`, 'client_secret=ccc-secret'])
    expect(created).toMatchObject({ status: 0, stderr: '' })
    const others = [
      created,
      await run(['config', 'update', 'j', 'device=x']),
      await run(['config', 'unset', 'j', 'device']),
      await run(['config', 'redacted', 'j']),
      await run(['lsf', '-vv', `j,token='${token}':`]),
      await run(['config', 'redacted'], { RCLONE_CONFIG_A_REMOTE: `j,token='${token}':x` }),
    ]
    for (const { stdout, stderr } of others) expect(stdout + stderr).not.toContain('secret"')
    for (const { stdout, stderr } of others) expect(stdout + stderr).not.toContain('ccc-')
    expect((await run(['config', 'show', 'j'])).stdout).toContain('rrr-secret')
  })
})

describe('what a remote is opened with', () => {
  test('is told by -vv, with where it comes from', async () => {
    writeFileSync(conf, `${before}[l]\ntype = local\nskip_links = true\n`)
    const { stderr } = await run(['lsf', '-vv', '--one-file-system', 'l,links=false:.'], {
      RCLONE_LOCAL_COPY_LINKS: '1',
      RCLONE_CONFIG_L_CASE_SENSITIVE: 'true',
      RCLONE_MAX_DEPTH: '3',
    })
    for (const line of [
      'Setting --max-depth "3" from environment variable RCLONE_MAX_DEPTH="3"',
      'l: links is "false", from the connection string',
      'l: one_file_system is "true", from the flag --local-one-file-system',
      'l: case_sensitive is "true", from the environment variable RCLONE_CONFIG_L_CASE_SENSITIVE',
      'l: copy_links is "1", from the environment variable RCLONE_LOCAL_COPY_LINKS',
      'l: skip_links is "true", from the config file',
    ]) {
      expect(stderr).toContain(`DEBUG : ${line}\n`)
    }
  })

  test('global flags in a section or a connection string count for the run', async () => {
    mkdirSync(join(home, 'd', 'e', 'f'), { recursive: true })
    writeFileSync(conf, '[l]\ntype = local\nglobal.max_depth = 1\n')
    expect((await run(['lsf', '-R', 'l:d'])).stdout).toBe('e/\n')
    expect((await run(['lsf', '-R', 'l,global.max_depth=2:d'])).stdout).toBe('e/\ne/f/\n')
    const { status, stderr } = await run(['lsf', 'l,global.max_depth=x:d'])
    expect(status).toBe(1)
    expect(stderr).toContain('couldn\'t parse config item "max_depth" = "x" as int')
  })
})

function encryptionInput(): {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly input: string
  readonly stdio: 'pipe'
} {
  const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: conf }
  return { cwd: home, env, input: 'one\none\n', stdio: 'pipe' }
}
