import type { Command, CommandEntry } from '../cli/command.ts'

function entry(name: string, summary: string, load: () => Promise<{ readonly command: Command }>): CommandEntry {
  return { name, summary, load: async () => (await load()).command }
}

/** Every command: its name as typed, one line about it, and how it is loaded. Nothing is imported before it is typed. */
export const commandTable: readonly CommandEntry[] = [
  entry('about', 'Show how much space is used and free', () => import('./about.ts')),
  entry('cache', 'Show or forget what fjord remembers between runs', () => import('./cache.ts')),
  entry('cat', 'Print the content of files', () => import('./cat.ts')),
  entry('config create', 'Make a remote, or replace one', () => import('./config-create.ts')),
  entry('config delete', 'Remove a remote from the config file', () => import('./config-delete.ts')),
  entry('config dump', 'Print the config as JSON', () => import('./config-dump.ts')),
  entry('config file', 'Show where the config file is', () => import('./config-file.ts')),
  entry('config show', 'Print the config file, or one remote of it', () => import('./config-show.ts')),
  entry('copy', 'Copy new and changed files, deleting nothing', () => import('./copy.ts')),
  entry('copyto', 'Copy, giving a single file a new name', () => import('./copyto.ts')),
  entry('delete', 'Delete the files in a directory', () => import('./delete.ts')),
  entry('demo', 'Watch a folder go to an emulated Jottacloud and come back', () => import('./demo.ts')),
  entry('emulate', 'Serve an emulated Jottacloud on this machine', () => import('./emulate.ts')),
  entry('listremotes', 'List the remotes of the config', () => import('./listremotes.ts')),
  entry('ls', 'List files with their sizes', () => import('./ls.ts')),
  entry('lsd', 'List directories', () => import('./lsd.ts')),
  entry('lsf', 'List names and chosen fields, for scripts', () => import('./lsf.ts')),
  entry('lsl', 'List files with sizes and times', () => import('./lsl.ts')),
  entry('mkdir', 'Make a directory', () => import('./mkdir.ts')),
  entry('move', 'Move files, deleting them from the source', () => import('./move.ts')),
  entry('moveto', 'Move, giving a single file a new name', () => import('./moveto.ts')),
  entry('purge', 'Remove a directory and all that is in it', () => import('./purge.ts')),
  entry('rmdir', 'Remove an empty directory', () => import('./rmdir.ts')),
  entry('sync', 'Make the destination what the source is, deleting there', () => import('./sync.ts')),
  entry('version', 'Show the version', () => import('./version.ts')),
]
