import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { option } from '../options/option.ts'
import type { OptionSpecs } from '../options/option.ts'
import type { RemoteDefinition } from '../options/remote-definition.ts'
import { bool, int, text } from '../options/types.ts'
import type { Command, CommandEntry, Invocation } from './command.ts'
import type { Host } from './host.ts'
import { main } from './main.ts'

const echoOptions: OptionSpecs = {
  format: option(text, 'p', 'What to print', { short: 'F' }),
  level: option(int, 0, 'A number'),
  minSize: option(int, 1, 'A limit', { group: 'Filter' }),
}
const localOptions = { copyLinks: option(bool, false, 'Follow links', { plainFlag: 'copy-links', short: 'L' }) }

const localDefinition: RemoteDefinition = {
  type: 'local',
  summary: 'A disk',
  options: localOptions,
  open: () => Promise.reject(new Error('nobody opens it')),
}

/** What came of a line. `err` is without the times of the log; `loaded` names the commands and remotes that were loaded. */
export interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
  readonly loaded: readonly string[]
}

/** What the command "echo" does. */
export type RunCommand = (invocation: Invocation) => void | Promise<void>

interface TypeOptions {
  readonly run?: RunCommand
  readonly environment?: Host['environment']
  readonly command?: Partial<Command>
  readonly cwd?: string
  /** What standard input has. */
  readonly input?: string
  /** Given the way to send a signal. */
  readonly onReady?: (send: (name: 'SIGINT' | 'SIGTERM') => void) => void
}

/** Types a line, for tests, to a program whose command "echo" is `run`. */
export async function typeLine(line: string, o: TypeOptions = {}): Promise<Ran> {
  const loaded: string[] = []
  const [out, err] = [collecting(), collecting()]
  const echo: Command = {
    name: 'echo',
    summary: 'Print something',
    usage: 'a [b]',
    help: 'Prints something.',
    options: echoOptions,
    args: { min: 1, max: 2 },
    groups: ['Filter'],
    run: async (invocation) => await (o.run ?? (() => undefined))(invocation),
    ...o.command,
  }
  const entry = (command: Command): CommandEntry => ({
    name: command.name,
    summary: command.summary,
    load: () => {
      loaded.push(command.name)
      return Promise.resolve(command)
    },
  })
  const commands = [
    entry(echo),
    entry({ ...echo, name: 'config show' }),
    entry({ ...echo, name: 'echo deeper' }),
    entry({ ...echo, name: 'version', args: { min: 0, max: 0 } }),
  ]
  const loadLocal = (): Promise<RemoteDefinition> => {
    loaded.push('local')
    return Promise.resolve(localDefinition)
  }
  const host = hostOf(line, { stdout: out.stream, stderr: err.stream }, o)
  const exit = await main(host, { commands, backends: [{ type: 'local', summary: 'A disk', load: loadLocal }] })
  const stamp = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm
  return { exit, out: out.text(), err: err.text().replace(stamp, ''), loaded }
}

function hostOf(line: string, streams: Pick<Host, 'stdout' | 'stderr'>, o: TypeOptions): Host {
  const cwd = o.cwd ?? '/'
  return {
    ...streams,
    stdin: Readable.from(o.input === undefined ? [] : [o.input]),
    argv: line === '' ? [] : line.split(' '),
    environment: { HOME: cwd, RCLONE_CONFIG: '', ...o.environment },
    cwd,
    platform: 'linux',
    pid: 1,
    stdinIsDevice: () => false,
    self: ['node', join(cwd, 'bin.js')],
    now: Date.now,
    onSignal(handler) {
      o.onReady?.(handler)
      return () => undefined
    },
  }
}

function collecting(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = []
  const write = (chunk: Buffer, _: unknown, done: () => void): void => {
    chunks.push(chunk)
    done()
  }
  return { stream: new Writable({ write }), text: () => Buffer.concat(chunks).toString() }
}
