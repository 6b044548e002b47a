import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Emulator } from '../../src/emulator/index.ts'
import { createEmulator } from '../../src/emulator/index.ts'

/** The built command. */
export const bin = join(dirname(fileURLToPath(import.meta.url)), '../../dist/bin.js')

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** A folder that has (or gets) fjord.conf; also HOME and the working directory. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  readonly signal?: AbortSignal
  /** How `signal` ends it; default: SIGTERM. */
  readonly killSignal?: NodeJS.Signals
}

/** Runs the built command to its end; the user's own config is never touched. */
export function fjord(args: readonly string[], options: RunOptions): Promise<Ran> {
  return startFjord(args, options).ended
}

/** The same with `input` coming through a pipe. */
export function fjordWithInput(args: readonly string[], options: RunOptions, input: Uint8Array): Promise<Ran> {
  return startFjord(args, options, input).ended
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ran>
  send(signal: NodeJS.Signals): void
  /** What it has said so far. */
  stderr(): string
}

/** Starts the built command. */
export function startFjord(
  args: readonly string[],
  { home, env, uid, signal, killSignal }: RunOptions,
  input?: Uint8Array,
): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', RCLONE_CONFIG: join(home, 'fjord.conf'), ...env },
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(signal ? { signal } : {}),
    ...(killSignal ? { killSignal } : {}),
  })
  // A command that ends before it has read all of it is what its tests are about
  child.stdin?.on('error', () => undefined).end(input)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', (error) => (signal?.aborted ? undefined : reject(error)))
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
  return { ended, send: (name) => void child.kill(name), stderr: () => stderr }
}

/** A temporary folder, and an emulated account that the remote `jotta:` of its fjord.conf is logged in to. */
export interface Account extends AsyncDisposable {
  readonly home: string
  readonly emulator: Emulator
  run(...args: readonly string[]): Promise<Ran>
}

export async function createAccount(options: { readonly stateDir?: string } = {}): Promise<Account> {
  const home = mkdtempSync(join(tmpdir(), 'fjord-test-'))
  const emulator = createEmulator(options)
  const { jfsUrl, apiUrl, wwwUrl } = await emulator.listen()
  const account: Account = {
    home,
    emulator,
    run: (...args) => fjord(args, { home }),
    async [Symbol.asyncDispose]() {
      await emulator.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
  const made = await logIn(account, { jfsUrl, apiUrl, wwwUrl }, emulator.createLoginToken())
  if (made.status !== 0) throw new Error(`config create failed: ${made.stderr}`)
  return account
}

/** `config create jotta` with a personal login token. */
export function logIn(
  { home }: { readonly home: string },
  urls: { readonly jfsUrl: string; readonly apiUrl: string; readonly wwwUrl: string },
  loginToken: string,
): Promise<Ran> {
  const keys = [`jfs_url=${urls.jfsUrl}`, `api_url=${urls.apiUrl}`, `www_url=${urls.wwwUrl}`]
  const answers = ['config_type=standard', `config_login_token=${loginToken}`]
  return fjord(['config', 'create', 'jotta', 'jottacloud', ...keys, ...answers], { home })
}
