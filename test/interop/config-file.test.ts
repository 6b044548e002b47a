import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bin } from '../command/fjord.ts'
import { rcloneVersion } from './interop.ts'

let home = ''
let conf = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'interop-config-'))
  conf = join(home, 'rclone.conf')
})
afterEach(() => rmSync(home, { recursive: true }))

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const base = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: conf }
  const ran = spawnSync(program, args, {
    cwd: home,
    env: { ...base, ...env },
    encoding: 'utf8',
    input: 'pä ss\npä ss\n',
  })
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stderr}`)
  return ran.stdout
}

const rclone = (args: readonly string[], env = {}): string => run('rclone', args, env)
const fjord = (args: readonly string[], env = {}): string => run(process.execPath, [bin, ...args], env)

describe.skipIf(rcloneVersion === undefined)('a config file that rclone and fjord share', () => {
  const password = { RCLONE_CONFIG_PASS: 'pä ss' }

  test('is read by either as the other wrote it, and kept', () => {
    fjord(['config', 'create', 'a', 'alias', 'remote=src', "description=it's odd # ; = %"])
    rclone(['config', 'create', 'b', 'alias', 'remote', 'a:b'])
    fjord(['config', 'update', 'b', 'remote=a:c'])
    rclone(['config', 'update', 'a', 'remote', 'dst'])
    expect(fjord(['config', 'dump'])).toBe(rclone(['config', 'dump']))
    expect(JSON.parse(fjord(['config', 'dump']))).toEqual({
      a: { type: 'alias', remote: 'dst', description: "it's odd # ; = %" },
      b: { type: 'alias', remote: 'a:c' },
    })
  })

  test('that fjord encrypts is opened by rclone, which keeps it encrypted, and is opened by fjord again', () => {
    writeFileSync(conf, '[a]\ntype = alias\nremote = src\n\n')
    fjord(['config', 'encryption', 'set'])
    expect(rclone(['listremotes'], password)).toBe('a:\n')
    rclone(['config', 'create', 'b', 'local'], password)
    expect(readFileSync(conf, 'utf8')).toMatch(/^# Encrypted/)
    expect(fjord(['listremotes'], password)).toBe('a:\nb:\n')
    fjord(['config', 'encryption', 'remove'], password)
    expect(readFileSync(conf, 'utf8')).toBe('[a]\ntype = alias\nremote = src\n\n[b]\ntype = local\n\n')
  })

  test('passwords that either obscures are revealed by the other', () => {
    for (const plain of ['x', 'pässwörd 日本', ' a']) {
      expect(rclone(['reveal', '--', fjord(['obscure', plain]).trim()])).toBe(`${plain}\n`)
      expect(fjord(['reveal', '--', rclone(['obscure', plain]).trim()])).toBe(`${plain}\n`)
    }
  })
})
