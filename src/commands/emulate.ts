import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { createEmulator, type Emulator } from '../emulator/index.ts'
import { option } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

const options = {
  state: option(text, '', 'Folder that keeps the account; without it everything is gone at the end'),
  addr: option(
    text,
    '127.0.0.1:0',
    'Address and port to listen on; port 0 is any free one, or the last one of --state',
  ),
  proxy: option(
    text,
    '',
    'Address and port of a proxy that leads the hosts of Jottacloud here, for programs whose addresses cannot be set',
  ),
  tls: option(bool, false, 'Serve the address with TLS'),
  otp: option(text, '', 'One-time code that signing in with the password asks for besides'),
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

With --proxy it also serves all hosts of Jottacloud, with certificates of its own making, to programs that go through
that proxy and trust the file that it names as ca (it lies in the state folder, else in a temporary file). To other
hosts the proxy does not lead. Log in with proxyLoginToken to be led to the real names for everything:

    fjord emulate --proxy 127.0.0.1:8899
    HTTPS_PROXY=http://127.0.0.1:8899 rclone --ca-cert FILE lsf jotta:

The email and password are for signing in in a browser and for legacy logins; with --otp these ask for a code as well.

With --control another server answers requests that seed files, ask for faults, set the clock and more:

    fjord emulate --control 127.0.0.1:0`,
  options,
  args: { min: 0, max: 0 },
  run: serve,
}

async function serve({ options: o, out, ctx }: Invocation<typeof options>): Promise<void> {
  const at = parseAddress('addr', o.addr)
  const proxyAt = o.proxy === '' ? undefined : parseAddress('proxy', o.proxy)
  const controlAt = o.control === '' ? undefined : parseAddress('control', o.control)
  const emulator = createEmulator({
    ...(o.state !== '' && { stateDir: resolve(o.state) }),
    ...(o.otp !== '' && { credentials: { otp: o.otp } }),
    onWarning: (warning) => ctx.log.log({ level: 'NOTICE', text: warning }),
  })
  try {
    const { jfsUrl, apiUrl, wwwUrl, caFile } = await emulator.listen({ ...at, tls: o.tls })
    const facts = {
      jfs_url: jfsUrl,
      api_url: apiUrl,
      www_url: wwwUrl,
      loginToken: emulator.createLoginToken(),
      ...emulator.credentials,
      ...(caFile !== undefined && { ca: caFile }),
      ...(proxyAt !== undefined && (await openProxy(emulator, proxyAt))),
      ...(controlAt !== undefined && { control: (await emulator.listenControl(controlAt)).url }),
    }
    if (o.json) out.line(JSON.stringify(facts))
    else for (const [name, value] of Object.entries(facts)) out.line(`${name}: ${value}`)
    await out.flush()
    if (!ctx.signal.aborted) await once(ctx.signal, 'abort')
  } finally {
    await emulator.close()
  }
}

async function openProxy(emulator: Emulator, at: Address): Promise<Record<string, string>> {
  const { proxyUrl, caFile } = await emulator.listenProxy(at)
  return { proxy: proxyUrl, ca: caFile, proxyLoginToken: emulator.createLoginToken({ proxied: true }) }
}

interface Address {
  readonly host: string
  readonly port: number
}

function parseAddress(flag: string, address: string): Address {
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
