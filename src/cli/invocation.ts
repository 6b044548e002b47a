import { createContext } from '../core/create-context.ts'
import type { RunBandwidth } from './bandwidth.ts'
import type { Invocation } from './command.ts'
import type { Equipment } from './equipment.ts'
import type { Host } from './host.ts'
import type { Opening } from './open.ts'
import type { RunValues } from './values.ts'

interface Run extends Pick<Invocation, 'args' | 'filter' | 'runReport'> {
  readonly host: Host
  readonly values: RunValues
  readonly equipment: Equipment
  readonly bandwidth: RunBandwidth
}

/** What a command is given for one run. */
export function createInvocation(
  { args, host, values, equipment, filter, bandwidth, runReport }: Run,
  { opener, deps, configPath, state }: Opening,
): Invocation {
  return {
    args,
    options: values.options,
    global: values.global,
    ctx: createContext({
      signal: equipment.abort.signal,
      log: equipment.log,
      report(event) {
        equipment.stats.report(event)
        runReport?.report(event)
      },
      checkers: values.global.checkers,
      transfers: values.global.transfers,
      bandwidth,
    }),
    filter,
    // opening it takes time, which most commands need not spend
    get stdin() {
      return host.stdin
    },
    stdinIsDevice: host.stdinIsDevice,
    out: equipment.out,
    terminal: equipment.terminal,
    open: opener,
    config: async () => (await deps()).config,
    configPath,
    openDeps: deps,
    state,
    used: { bytes: 0, since: undefined },
    given: values.given,
    runReport,
    self: host.self,
  }
}
