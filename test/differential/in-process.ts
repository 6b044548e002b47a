import { main } from '../../src/cli/main.ts'
import type { Host } from '../../src/cli/host.ts'
import { commandTable } from '../../src/commands/index.ts'
import { remoteTable } from '../../src/remotes/index.ts'
import { Readable, Writable } from 'node:stream'

/** What a run of the command came to. */
export interface InProcess {
  readonly status: number
  readonly stderr: string
}

/** Runs the command in this process; paths must be absolute. */
export async function runInProcess(argv: readonly string[], home: string): Promise<InProcess> {
  const stderr = collector()
  const host: Host = {
    argv,
    environment: { HOME: home, RCLONE_CONFIG: `${home}/none.conf` },
    cwd: home,
    platform: process.platform,
    pid: process.pid,
    stdout: collector().stream,
    stderr: stderr.stream,
    stdin: Readable.from([]),
    stdinIsDevice: () => false,
    self: [process.execPath, 'fjord'],
    now: () => Date.now(),
    onSignal: () => () => undefined,
  }
  const status = await main(host, { commands: commandTable, backends: remoteTable })
  return { status, stderr: stderr.text() }
}

function collector(): { readonly stream: Writable; text(): string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { stream, text: () => chunks.join('') }
}
