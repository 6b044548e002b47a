import type { Invocation } from '../cli/command.ts'
import type { Gate } from '../operations/gate.ts'
import { dryRunGate, openGate } from '../operations/gate.ts'

/** The gate that the flags ask for: `--dry-run` lets nothing be changed. */
export function gateOf({ global, ctx }: Pick<Invocation, 'global' | 'ctx'>): Gate {
  return global.dryRun ? dryRunGate(ctx.log) : openGate
}
