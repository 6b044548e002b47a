import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { dirname, resolve } from 'node:path'
import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { createEmulator } from '../emulator/index.ts'
import type { Stage } from './demo/scenario.ts'
import { playScenario } from './demo/scenario.ts'

export const command: Command = {
  name: 'demo',
  summary: 'Watch a folder go to an emulated Jottacloud and come back',
  usage: '[folder]',
  help: `Starts an emulated Jottacloud on this machine with its state in a temporary folder, logs in, copies a
folder up (fjord's own docs, or the one given; it is only read), lists it, copies again, changes one file,
copies it back and compares byte for byte. Every command is shown before it runs. Your own config file is
neither read nor written, and everything is removed at the end.

    fjord demo
    fjord demo ~/Pictures`,
  options: {},
  args: { min: 0, max: 1 },
  async run(invocation) {
    const folder =
      invocation.args[0] === undefined
        ? fileURLToPath(new URL('../../docs', import.meta.url))
        : resolve(invocation.args[0])
    await playScenario(stageOn(invocation), folder, (stateDir) => createEmulator({ stateDir }))
  },
}

function stageOn({ out, ctx, self }: Invocation): Stage {
  const paint = (code: string, text: string): string => (out.terminal ? `\u001B[${code}m${text}\u001B[0m` : text)
  return {
    say(text) {
      out.text(`\n${paint('2', text)}\n`)
    },
    async type(args, config) {
      out.text(`${paint('1', `$ fjord ${args.map(shown).join(' ')}`)}\n`)
      await out.flush()
      await runFjord([...self, ...args], config, ctx.signal)
    },
  }
}

/** An argument as one would type it; a login token is not shown. */
function shown(argument: string): string {
  const safe = argument.replace(/^(config_login_token=).*/, '$1…')
  return /^[\w@%+=:,./…-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`
}

function runFjord([program = '', ...args]: readonly string[], config: string, signal: AbortSignal): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: environmentOf(config), signal })
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => {
      if (code === 0) done()
      else fail(new StorageError('fatal', `fjord ended with exit code ${code}; its messages stand above`))
    })
  })
}

/** Without the settings of whoever watches: they would change what the commands do. */
function environmentOf(config: string): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:RCLONE|FJORD)_/i.test(name))
  const home = dirname(config)
  const places = { XDG_STATE_HOME: home, XDG_CACHE_HOME: home, LOCALAPPDATA: home }
  return { ...Object.fromEntries(kept), ...places, RCLONE_CONFIG: config }
}
