import type { Command, CommandEntry } from '../cli/command.ts'

function entry(name: string, summary: string, load: () => Promise<{ readonly command: Command }>): CommandEntry {
  return { name, summary, load: async () => (await load()).command }
}

/** Every command: its name as typed, one line about it, and how it is loaded. Nothing is imported before it is typed. */
export const commandTable: readonly CommandEntry[] = [
  entry('about', 'Show how much space is used and free', () => import('./about.ts')),
  entry('cat', 'Print the content of files', () => import('./cat.ts')),
  entry('check', 'Compare two places without changing them', () => import('./check.ts')),
  entry('checksum', 'Compare files with a list of sums', () => import('./checksum.ts')),
  entry('completion', 'Print a script that completes commands and flags in a shell', () => import('./completion.ts')),
  entry('config create', 'Make a remote, or replace one', () => import('./config-create.ts')),
  entry('config delete', 'Remove a remote from the config file', () => import('./config-delete.ts')),
  entry('config dump', 'Print the config as JSON', () => import('./config-dump.ts')),
  entry('config file', 'Show where the config file is', () => import('./config-file.ts')),
  entry('config show', 'Print the config file, or one remote of it', () => import('./config-show.ts')),
  entry('copy', 'Copy new and changed files, deleting nothing', () => import('./copy.ts')),
  entry('copyurl', 'Store what a URL gives', () => import('./copyurl.ts')),
  entry('dedupe', 'Find files of one content, and delete all but one', () => import('./dedupe.ts')),
  entry('delete', 'Delete the files in a directory', () => import('./delete.ts')),
  entry('deletefile', 'Delete one file', () => import('./deletefile.ts')),
  entry('demo', 'Watch a folder go to an emulated Jottacloud and come back', () => import('./demo.ts')),
  entry('emulate', 'Serve an emulated Jottacloud on this machine', () => import('./emulate.ts')),
  entry('hashsum', 'Print hashes of files', () => import('./hashsum.ts')),
  entry('listremotes', 'List the remotes of the config', () => import('./listremotes.ts')),
  entry('ls', 'List files with their sizes', () => import('./ls.ts')),
  entry('lsd', 'List directories', () => import('./lsd.ts')),
  entry('lsf', 'List names and chosen fields, for scripts', () => import('./lsf.ts')),
  entry('lsjson', 'List as JSON', () => import('./lsjson.ts')),
  entry('lsl', 'List files with sizes and times', () => import('./lsl.ts')),
  entry('md5sum', 'Print the MD5 of files', () => import('./md5sum.ts')),
  entry('mkdir', 'Make a directory', () => import('./mkdir.ts')),
  entry('purge', 'Remove a directory and all that is in it', () => import('./purge.ts')),
  entry('rcat', 'Write standard input to a file', () => import('./rcat.ts')),
  entry('rmdir', 'Remove an empty directory', () => import('./rmdir.ts')),
  entry('rmdirs', 'Remove empty directories', () => import('./rmdirs.ts')),
  entry('settier', 'Set the storage tier of files, where there are tiers', () => import('./settier.ts')),
  entry('sha1sum', 'Print the SHA1 of files', () => import('./sha1sum.ts')),
  entry('size', 'Show how many files there are and how big they are', () => import('./size.ts')),
  entry('touch', 'Set the time of files, or make an empty one', () => import('./touch.ts')),
  entry('tree', 'Draw the directories and files as a tree', () => import('./tree.ts')),
  entry('version', 'Show the version', () => import('./version.ts')),
]
