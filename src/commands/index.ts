import type { Command, CommandEntry } from '../cli/command.ts'

function entry(name: string, summary: string, load: () => Promise<{ readonly command: Command }>): CommandEntry {
  return { name, summary, load: async () => (await load()).command }
}

/** Every command: its name as typed, one line about it, and how it is loaded. Nothing is imported before it is typed. */
export const commandTable: readonly CommandEntry[] = [
  entry('about', 'Show how much space is used and free', () => import('./about.ts')),
  entry(
    'authorize',
    'Log in in the browser of this machine, for a remote on another one',
    () => import('./authorize.ts'),
  ),
  entry('cat', 'Print the content of files', () => import('./cat.ts')),
  entry('config', 'Set up remotes, one question at a time', () => import('./config.ts')),
  entry(
    'config adopt',
    'Give a remote that another program uses too a login of its own',
    () => import('./config-adopt.ts'),
  ),
  entry('config create', 'Make a remote, or replace one', () => import('./config-create.ts')),
  entry('config delete', 'Remove a remote from the config file', () => import('./config-delete.ts')),
  entry(
    'config disconnect',
    'End the login of a remote on its service, where the service can do that',
    () => import('./config-disconnect.ts'),
  ),
  entry('config dump', 'Print the config as JSON', () => import('./config-dump.ts')),
  entry('config edit', 'Set up remotes, one question at a time', () => import('./config-edit.ts')),
  entry(
    'config encryption check',
    'Find out whether the config file is encrypted',
    () => import('./config-encryption-check.ts'),
  ),
  entry(
    'config encryption remove',
    'Save the config file without encryption',
    () => import('./config-encryption-remove.ts'),
  ),
  entry(
    'config encryption set',
    'Encrypt the config file, or change its password',
    () => import('./config-encryption-set.ts'),
  ),
  entry('config file', 'Show where the config file is', () => import('./config-file.ts')),
  entry('config password', 'Set passwords of a remote', () => import('./config-password.ts')),
  entry('config paths', 'Show where the config, the cache and temporary files are', () => import('./config-paths.ts')),
  entry(
    'config providers',
    'Print the kinds of remotes and their options as JSON',
    () => import('./config-providers.ts'),
  ),
  entry('config reconnect', 'Log a remote in again', () => import('./config-reconnect.ts')),
  entry('config redacted', 'Print the config without its secrets, for reports', () => import('./config-redacted.ts')),
  entry('config show', 'Print the config file, or one remote of it', () => import('./config-show.ts')),
  entry(
    'config string',
    'Print a remote as a connection string, which needs no config',
    () => import('./config-string.ts'),
  ),
  entry('config touch', 'Make sure that there is a config file', () => import('./config-touch.ts')),
  entry('config unset', 'Remove options of a remote', () => import('./config-unset.ts')),
  entry('config update', 'Change options of a remote', () => import('./config-update.ts')),
  entry('config userinfo', 'Show who a remote is logged in as', () => import('./config-userinfo.ts')),
  entry('copy', 'Copy new and changed files, deleting nothing', () => import('./copy.ts')),
  entry('delete', 'Delete the files in a directory', () => import('./delete.ts')),
  entry('demo', 'Watch a folder go to an emulated Jottacloud and come back', () => import('./demo.ts')),
  entry('emulate', 'Serve an emulated Jottacloud on this machine', () => import('./emulate.ts')),
  entry('listremotes', 'List the remotes of the config', () => import('./listremotes.ts')),
  entry('ls', 'List files with their sizes', () => import('./ls.ts')),
  entry('lsd', 'List directories', () => import('./lsd.ts')),
  entry('lsf', 'List names and chosen fields, for scripts', () => import('./lsf.ts')),
  entry('lsl', 'List files with sizes and times', () => import('./lsl.ts')),
  entry('mkdir', 'Make a directory', () => import('./mkdir.ts')),
  entry('obscure', 'Obscure a password for the config file', () => import('./obscure.ts')),
  entry('purge', 'Remove a directory and all that is in it', () => import('./purge.ts')),
  entry('reveal', 'Show what an obscured password stands for', () => import('./reveal.ts')),
  entry('rmdir', 'Remove an empty directory', () => import('./rmdir.ts')),
  entry('version', 'Show the version', () => import('./version.ts')),
]
