import type { Command, Invocation } from '../cli/command.ts'
import { authorizeFor } from '../config/authorize.ts'
import type { OpenDeps } from '../config/open.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'

const options = {
  authNoOpenBrowser: option(bool, false, 'Do not open the browser: only say where to go'),
}

export const command: Command<typeof options> = {
  name: 'authorize',
  summary: 'Log in in the browser of this machine, for a remote on another one',
  usage: 'type [service]',
  help: `For a machine without a browser: "fjord config" there asks what the login gave elsewhere, and takes the line that this prints.
The service is the one that was chosen there: jottacloud if left out, telia_se, telia_no, tele2, onlime and so on, or
domain/realm. The line is the login itself: whoever has it has the files, so do not leave it lying about.

    fjord authorize jottacloud telia_se`,
  options,
  args: { min: 1, max: 2 },
  run: authorize,
}

async function authorize({
  args: [type = '', service = ''],
  openDeps,
  out,
  options: o,
}: Invocation<typeof options>): Promise<void> {
  const deps = await openDeps()
  out.line(await authorizeFor(type, service, o.authNoOpenBrowser ? withoutBrowser(deps) : deps))
}

function withoutBrowser(deps: OpenDeps): OpenDeps {
  return { ...deps, http: { ...deps.http, environment: { ...deps.http.environment, BROWSER: 'none' } } }
}
