import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { dedupeByHash, dedupeModes } from '../operations/dedupe.ts'
import { limitedGate } from '../operations/deletion-guard.ts'
import type { DedupeMode } from '../operations/dedupe.ts'
import type { FoundFile } from '../operations/find-files.ts'
import { formatTime, nanoLayout } from '../options/time-layout.ts'
import { option } from '../options/option.ts'
import { shownPath } from '../options/standard-names.ts'
import { bool, text } from '../options/types.ts'
import { gateOf } from './gate.ts'

const options = {
  byHash: option(bool, false, 'Find files of one content instead of one name'),
  dedupeMode: option(text, 'interactive', `What becomes of duplicates: ${dedupeModes.join(', ')}`),
}

export const command: Command<typeof options> = {
  name: 'dedupe',
  summary: 'Find files of one content, and delete all but one',
  usage: '[mode] remote:path',
  help: `Two files of one name are not possible here; --by-hash finds files of one content. The mode says what becomes of them: list
and skip leave them, first, newest, oldest, largest and smallest keep that one. Look first with list or --dry-run.

    fjord dedupe list --by-hash jotta:photos
    fjord dedupe oldest --by-hash jotta:photos --dry-run`,
  options,
  args: { min: 1, max: 2 },
  groups: ['Important', 'Filter'],
  run: dedupe,
}

async function dedupe(invocation: Invocation<typeof options>): Promise<void> {
  const { args, ctx, open, out, global, filter, options: o } = invocation
  const [first = '', second] = args
  const place = await open.listed(second ?? first)
  if (!o.byHash) {
    const notice = "Can't have duplicate names here. Perhaps you wanted --by-hash ? Continuing anyway."
    ctx.log.log({ level: 'NOTICE', object: place.remote.facts(place.path).description, text: notice })
    return
  }
  const mode = modeOf(second === undefined ? o.dedupeMode : first)
  const onDuplicates = (hash: string, files: readonly FoundFile[]): void => {
    out.line(`${hash}: ${files.length} duplicates`)
    for (const [i, { entry, shown }] of files.entries()) {
      const size = String(entry.size ?? -1).padStart(12)
      out.line(`  ${i + 1}: ${size} bytes, ${formatTime(entry.modified, nanoLayout)}, ${shownPath(shown)}`)
    }
  }
  await dedupeByHash(ctx, place, {
    mode,
    filter,
    maxDepth: global.maxDepth,
    gate: limitedGate(gateOf(invocation), global),
    onDuplicates,
  })
}

function modeOf(name: string): DedupeMode {
  const mode = dedupeModes.find((known) => known === name.toLowerCase())
  if (mode) return mode
  throw new StorageError('config', `no mode ${name} for files of one content: there is ${dedupeModes.join(', ')}`)
}
