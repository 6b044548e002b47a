import type { Invocation } from '../cli/command.ts'
import type { Context } from '../core/context.ts'
import type { Gate } from '../operations/gate.ts'
import { dryRunGate, openGate } from '../operations/gate.ts'
import { interactiveGate } from '../operations/interactive.ts'
import { createLineReader } from '../util/line-reader.ts'

/** One for all attempts of a run: an answer "for all" is remembered. */
const asking = new WeakMap<Context, Gate>()

/** The gate that the flags ask for: `--dry-run` lets nothing be changed, `--interactive` asks about every change. */
export function gateOf({ global, ctx, out, stdin }: Pick<Invocation, 'global' | 'ctx' | 'out' | 'stdin'>): Gate {
  if (global.dryRun) return dryRunGate(ctx.log)
  if (!global.interactive) return openGate
  const gate =
    asking.get(ctx) ??
    interactiveGate({
      log: ctx.log,
      lines: createLineReader(stdin),
      say: (text) => out.line(text),
      prompt: (text) => (out.terminal ? out.text(text) : undefined),
    })
  asking.set(ctx, gate)
  return gate
}
