import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createEmulator, type Emulator, type EmulatorOptions, type ProxyAddress } from '../../src/emulator/index.ts'
import { bin } from '../command/fjord.ts'

/** The version of the installed rclone, such as `1.60.1`; undefined where there is none. */
export const rcloneVersion = /^rclone v([\d.]+)/.exec(
  spawnSync('rclone', ['version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1]

/** What a program did. */
export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a program runs. */
export interface RunOptions {
  /** Standard input; empty if left out. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/**
 * An emulated account with its proxy, and the two programs, which come to it through the proxy with the addresses that
 * they have by themselves and share one config file. The remote `j:` is logged in by rclone.
 */
export interface Interop extends AsyncDisposable {
  readonly emulator: Emulator
  readonly proxy: ProxyAddress
  /** A folder for files; also the home and the working directory of the programs. */
  readonly home: string
  /** Runs rclone as it is. */
  readonly tryRclone: (args: readonly string[], options?: RunOptions) => Promise<Ran>
  readonly tryFjord: (args: readonly string[], options?: RunOptions) => Promise<Ran>
  /** Runs rclone and gives what it printed. @throws where it fails */
  readonly rclone: (...args: string[]) => Promise<string>
  readonly fjord: (...args: string[]) => Promise<string>
  /** How many requests of which operation are made meanwhile. */
  readonly requests: (action: () => Promise<unknown>) => Promise<Record<string, number>>
  /** Writes files with a time of 2020 below the home folder, gives the path of the folder. */
  readonly files: (folder: string, contents: Readonly<Record<string, string>>) => string
  /** Has every access token in the config file be out of date for the programs, though not for the account. */
  readonly expire: () => void
  /** The live files of the account, as rclone lists them: path and content. */
  readonly contents: (dir?: string) => Promise<Record<string, string>>
}

/** Sets all up. */
export async function createInterop(options: EmulatorOptions = {}): Promise<Interop> {
  const home = mkdtempSync(join(tmpdir(), 'fjord-interop-'))
  const emulator = createEmulator(options)
  const proxy = await emulator.listenProxy()
  const base = environment({ home, proxy })
  const start = (program: string, { input = '', env }: RunOptions = {}) => {
    return (args: readonly string[]) => run(program, args, { home, input, env: { ...base, ...env } })
  }
  const interop: Interop = {
    emulator,
    proxy,
    home,
    tryRclone: (args, more) => start('rclone', more)(args),
    tryFjord: (args, more) => start(process.execPath, more)([bin, ...args]),
    rclone: async (...args) => printed(await interop.tryRclone(args)),
    fjord: async (...args) => printed(await interop.tryFjord(args)),
    async requests(action) {
      emulator.counters.reset()
      await action()
      const counts = Object.entries(emulator.counters.all())
      return Object.fromEntries(counts.map(([operation, { requests }]) => [operation, requests]))
    },
    files(folder, contents) {
      const root = join(home, folder)
      mkdirSync(root, { recursive: true })
      for (const [path, content] of Object.entries(contents)) writeDated(join(root, path), content)
      return root
    },
    expire() {
      const file = join(home, 'rclone.conf')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replaceAll(/"expiry":"[^"]*"/g, '"expiry":"2020-01-01T00:00:00Z"'))
    },
    async contents(dir = '') {
      const listing = await interop.rclone('lsf', '-R', '--files-only', `j:${dir}`)
      const paths = listing.split('\n').filter((path) => path !== '')
      const entries = await Promise.all(
        paths.map(async (path) => [path, await interop.rclone('cat', `j:${dir === '' ? '' : `${dir}/`}${path}`)]),
      )
      return Object.fromEntries(entries)
    },
    async [Symbol.asyncDispose]() {
      await emulator.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
  await logIn(interop, 'j')
  return interop
}

/** What the programs find in their environment; nothing of the user's own. */
export function environment({ home, proxy }: Pick<Interop, 'home' | 'proxy'>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TZ: 'UTC',
    HTTPS_PROXY: proxy.proxyUrl,
    RCLONE_CA_CERT: proxy.caFile,
    RCLONE_CONFIG: join(home, 'rclone.conf'),
  }
}

/** Has rclone make a remote with a fresh login token. */
export function logIn({ emulator, rclone }: Interop, name: string): Promise<string> {
  const token = emulator.createLoginToken({ proxied: true })
  const answers = ['config_type=standard', `config_login_token=${token}`, 'config_non_standard=false']
  return rclone('config', 'create', name, 'jottacloud', ...answers)
}

interface Started {
  readonly home: string
  readonly input: string
  readonly env: Readonly<Record<string, string>>
}

function run(program: string, args: readonly string[], { home, input, env }: Started): Promise<Ran> {
  const child = spawn(program, args, { cwd: home, env, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

function printed({ status, stdout, stderr }: Ran): string {
  if (status !== 0) throw new Error(`It ended with ${status}: ${stderr}`)
  return stdout
}

function writeDated(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  const time = new Date('2020-07-01T12:00:00Z')
  utimesSync(file, time, time)
}
