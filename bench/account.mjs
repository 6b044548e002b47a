// An emulated account in a process of its own, and the ways to it that are compared.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../scripts/tools.mjs'
import { measure } from './measure.mjs'

const bin = join(root, 'dist/bin.js')

/** Runs fjord; with `env` naming a config where it needs one. */
export function fjord(args, env = {}) {
  return measure([process.execPath, bin, ...args], { env })
}

/**
 * Starts an emulator, makes its account known as `jotta:` to each contestant, runs `body` with them, and ends the
 * process. A contestant has a `name` and a `run(args)` that measures one command. Two go through the proxy with TLS to
 * the names of the service, as each has to on the real one; the third is fjord straight to the emulator.
 * @param {{ work: string, files?: number, perDir?: number, rclone?: string }} options `rclone` is left out where there is none
 */
export async function withAccount({ work, files = 0, perDir = 500, rclone }, body) {
  const folder = mkdtempSync(join(work, 'account-'))
  const emulator = spawn(process.execPath, [join(root, 'bench/emulator.mjs'), String(files), String(perDir)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => emulator.once('close', resolve))
  try {
    const lines = createInterface({ input: emulator.stdout })[Symbol.asyncIterator]()
    const place = JSON.parse((await lines.next()).value)
    const proxied = {
      RCLONE_CONFIG: join(folder, 'proxied.conf'),
      HTTPS_PROXY: place.proxyUrl,
      RCLONE_CA_CERT: place.caFile,
    }
    const direct = { RCLONE_CONFIG: join(folder, 'direct.conf') }
    await logIn(proxied, place.proxiedToken, [])
    await logIn(
      direct,
      place.directToken,
      Object.entries(place.urls).map(([key, url]) => `${key}=${url}`),
    )
    await body([
      ...(rclone === undefined
        ? []
        : [{ name: 'rclone', run: (args) => measure([rclone, ...args], { env: proxied }) }]),
      { name: 'fjord', run: (args) => fjord(args, proxied) },
      { name: 'fjord direct', run: (args) => fjord(args, direct) },
    ])
  } finally {
    emulator.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

async function logIn(env, token, keys) {
  const answers = ['config_type=standard', `config_login_token=${token}`]
  const made = await fjord(['config', 'create', 'jotta', 'jottacloud', ...keys, ...answers], env)
  if (made.status !== 0) throw new Error(made.stderr)
}
