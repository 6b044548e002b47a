import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../test/support/local-server.ts'
import { createRandom } from './random.ts'
import { ask, logIn, md5, tokensOf, type Answer } from './signed-in.ts'

const WRITES = 200
const KILLS = 5 * Number(process.env['FJORD_FUZZ'] ?? 1)

let folder: string
let program: string

beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'emulator-kill-'))
  program = join(folder, 'program.mjs')
  const contents = `import { createEmulator } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
    const emulator = createEmulator({ stateDir: process.argv[2] })
    const urls = await emulator.listen({ port: Number(process.argv[3]) })
    process.send({ urls, username: emulator.username, loginToken: emulator.createLoginToken() })`
  const stdin = { contents, resolveDir: import.meta.dirname }
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' })
})

afterAll(() => fs.rmSync(folder, { recursive: true }))

interface Running {
  readonly child: ChildProcess
  readonly port: number
  readonly username: string
  post(path: string, body?: string): Promise<Answer>
  api(path: string, body: string): Promise<Answer>
  /** MD5 by path of everything live. */
  files(): Promise<Map<string, string>>
}

async function run(stateDir: string, at: number): Promise<Running> {
  const child = fork(program, [stateDir, String(at)])
  const [{ urls, username, loginToken }] = await once(child, 'message')
  const headers = { Authorization: `Bearer ${tokensOf(await logIn(loginToken)).access_token}` }
  const root = `${urls.jfsUrl}${username}`
  const request = (url: string, body: string): Promise<Answer> => ask(url, { method: 'POST', headers, body })
  return {
    child,
    port: urls.port,
    username,
    post: (path, body = '') => request(path.startsWith('http') ? path : root + path, body),
    api: (path, body) => request(urls.apiUrl + path, body),
    async files() {
      const { text } = await ask(`${root}/Jotta/Archive?mode=liststream`, { headers })
      const found = text.matchAll(/<path>([^<]+)<\/path>\s*<filename>([^<]+)<\/filename>\s*<md5>([^<]+)/g)
      const listed = new Map([...found].map(([, path, name, hash]) => [`${path}/${name}`, String(hash)]))
      for (const [path, hash] of listed) {
        expect(md5((await ask(`${root}/Jotta${path}?mode=bin`, { headers })).text), path).toBe(hash)
      }
      return listed
    },
  }
}

/** One write: what it asks, and the files that are there once it is done. */
interface Write {
  ask(on: Running): Promise<void>
  after(files: ReadonlyMap<string, string>): Map<string, string>
}

function randomWrite(random: () => number, number: number): Write {
  const path = `/Archive/${Math.floor(random() * 3)}/${Math.floor(random() * 8)}`
  const kind = Math.floor(random() * 8)
  if (kind === 0) return removal(path, 'dl')
  if (kind === 1) return removal(path, 'rm')
  if (kind === 2) return move(path, `/Archive/${Math.floor(random() * 3)}/moved ${number}`)
  return upload(path, `content ${number} `.repeat(1 + Math.floor(random() * 2000)))
}

function removal(path: string, command: string): Write {
  return {
    ask: async (on) => void (await on.post(`/Jotta${path}?${command}=true`)),
    after: (files) => new Map([...files].filter(([name]) => name !== path)),
  }
}

function move(path: string, target: string): Write {
  return {
    ask: async (on) => void (await on.post(`/Jotta${path}?mv=${encodeURIComponent(`/${on.username}/Jotta${target}`)}`)),
    after: (files) => new Map([...files].map(([name, hash]) => [name === path ? target : name, hash])),
  }
}

function upload(path: string, content: string): Write {
  return {
    async ask(on) {
      const body = JSON.stringify({ path: `/jfs/Jotta${path}`, bytes: content.length, md5: md5(content) })
      const { state, upload_url } = JSON.parse((await on.api('files/v1/allocate', body)).text)
      if (state !== 'COMPLETED') expect((await on.post(upload_url, content)).status).toBe(200)
    },
    after: (files) => new Map([...files, [path, md5(content)]]),
  }
}

/** Does a write while the process may be killed; true if it was answered. */
async function isAnswered(write: Write, on: Running): Promise<boolean> {
  try {
    await write.ask(on)
    return true
  } catch (error) {
    if (!on.child.killed) throw error
    return false
  }
}

describe(`a process that is killed ${KILLS} times in ${WRITES} writes`, () => {
  test(
    'has everything that was answered, and what was not wholly or not at all',
    async () => {
      const random = createRandom(Number(process.env['FJORD_FUZZ_SEED'] ?? 1))
      const stateDir = join(folder, 'state')
      const killed = new Set(Array.from({ length: KILLS }, () => Math.floor(random() * WRITES)))
      let files = new Map<string, string>()
      const port = await freePort()
      let running = await run(stateDir, port)
      try {
        for (let number = 0; number < WRITES; number++) {
          const write = randomWrite(random, number)
          const answered = isAnswered(write, running)
          if (killed.has(number)) {
            await delay(random() * 4)
            running.child.kill('SIGKILL')
          }
          const after = write.after(files)
          if (await answered) files = after
          if (!killed.has(number)) continue
          if (running.child.exitCode === null && running.child.signalCode === null) await once(running.child, 'exit')
          running = await run(stateDir, 0)
          expect(running.port).toBe(port)
          const found = await running.files()
          if (sorted(found) !== sorted(files)) expect(sorted(found)).toBe(sorted(after))
          files = found
        }
        expect(sorted(await running.files())).toBe(sorted(files))
      } finally {
        running.child.kill('SIGKILL')
      }
    },
    120_000 * Math.max(1, KILLS / 20),
  )
})

function sorted(files: ReadonlyMap<string, string>): string {
  return JSON.stringify([...files.keys()].sort().map((path) => [path, files.get(path)]))
}
