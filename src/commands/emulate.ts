import { once } from 'node:events'
import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { createEmulator } from '../emulator/index.ts'
import { option } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

const options = {
  state: option(text, '', 'Folder that keeps the account; without it everything is gone at the end'),
  addr: option(
    text,
    '127.0.0.1:0',
    'Address and port to listen on; port 0 is any free one, or the last one of --state',
  ),
  control: option(text, '', 'Address and port of the control interface, which rules over the account; none without it'),
  json: option(bool, false, 'Print one line of JSON'),
}

export const command: Command<typeof options> = {
  name: 'emulate',
  summary: 'Serve an emulated Jottacloud on this machine',
  usage: '',
  help: `Serves an account that answers as Jottacloud does, until it is interrupted. Prints its addresses and a fresh
personal login token. With --state the account, its logins, the port and half-received uploads are there again
after a restart, also after a crash.

    fjord emulate --state ~/emulated --json

With --control another server answers requests that seed files, ask for faults, set the clock and more:

    fjord emulate --control 127.0.0.1:0`,
  options,
  args: { min: 0, max: 0 },
  run: serve,
}

async function serve({ options: o, out, ctx }: Invocation<typeof options>): Promise<void> {
  const { host, port } = parseAddress('addr', o.addr)
  const controlAt = o.control === '' ? undefined : parseAddress('control', o.control)
  const onWarning = (warning: string): void => ctx.log.log({ level: 'NOTICE', text: warning })
  const emulator = createEmulator({ ...(o.state !== '' && { stateDir: o.state }), onWarning })
  try {
    const { jfsUrl, apiUrl, wwwUrl } = await emulator.listen({ host, port })
    const control = controlAt && { control: (await emulator.listenControl(controlAt)).url }
    const loginToken = emulator.createLoginToken()
    const facts = { jfs_url: jfsUrl, api_url: apiUrl, www_url: wwwUrl, loginToken, ...control }
    if (o.json) out.line(JSON.stringify(facts))
    else for (const [name, value] of Object.entries(facts)) out.line(`${name}: ${value}`)
    await out.flush()
    if (!ctx.signal.aborted) await once(ctx.signal, 'abort')
  } finally {
    await emulator.close()
  }
}

function parseAddress(flag: string, address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address)
  const port = Number(match?.[3])
  if (!match || port > 65_535) {
    throw new StorageError(
      'usage',
      `--${flag} "${address}" is no address: write it as 127.0.0.1:8080, [::1]:8080 or 127.0.0.1:0`,
    )
  }
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port }
}
