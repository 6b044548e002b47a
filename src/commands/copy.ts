import type { Command, Invocation } from '../cli/command.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { copyDir, copyFile } from '../sync/copy.ts'
import type { CopyOptions } from '../sync/options.ts'
import { gateOf } from './gate.ts'

const options = {
  createEmptySrcDirs: option(bool, false, 'Also make directories that have nothing in them'),
}

export const command: Command<typeof options> = {
  name: 'copy',
  summary: 'Copy new and changed files, deleting nothing',
  usage: 'source:path dest:path',
  help: `Copies the files of the source that the destination lacks or has with another size or time. Nothing is deleted.
A source that is one file goes into the destination directory under its name.

A file shows under its name only when it is whole and its checksum is right. An upload that was interrupted continues
where the server stopped.

    fjord copy ~/Pictures jotta:Pictures -P
    fjord copy jotta:Pictures /mnt/restore`,
  options,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: ['Important', 'Copy', 'Filter', 'Listing'],
  run: copy,
}

async function copy(invocation: Invocation<typeof options>): Promise<void> {
  const { args, open, ctx } = invocation
  const source = await open.source(args[0] ?? '')
  const dest = await open.directory(args[1] ?? '')
  const o = copyOptions(invocation)
  if (source.file === undefined) await copyDir(ctx, source, dest, o)
  else await copyFile(ctx, { ...source, file: source.file }, dest, o)
}

function copyOptions(invocation: Invocation<typeof options>): CopyOptions {
  return { ...invocation.global, ...invocation.options, gate: gateOf(invocation) }
}
