import { encoding } from '../../options/encoding.ts'
import type { ValuesOf } from '../../options/option.ts'
import { option } from '../../options/option.ts'
import { bool, size, text } from '../../options/types.ts'
import { defaultEncoding } from './names.ts'

const mebibyte = 1024 * 1024

/** What can be set on a Jottacloud remote; the first ones under rclone's names. */
export const jottacloudOptions = {
  clientId: option(text, '', 'The client id to log in as, instead of the one that the login brings', {
    sensitive: true,
  }),
  clientSecret: option(text, '', 'The secret of that client id, where it has one', { sensitive: true }),
  token: option(text, '', 'A whole login as JSON, with access and refresh token, as the config file has it', {
    advanced: true,
    sensitive: true,
  }),
  authUrl: option(text, '', 'Where one logs in in a browser, instead of the address that the service names', {
    advanced: true,
  }),
  tokenUrl: option(text, '', 'Where tokens are refreshed, instead of the address that the login brought', {
    advanced: true,
  }),
  clientCredentials: option(
    bool,
    false,
    'Log in with client id and secret alone: refused, for there is no such login',
    {
      advanced: true,
      effect: 'missing',
    },
  ),
  md5MemoryLimit: option(
    size,
    10 * mebibyte,
    'Content whose MD5 has to be found first, and that cannot be read twice, waits in memory up to this size, larger in --temp-dir',
    { advanced: true },
  ),
  trashedOnly: option(
    bool,
    false,
    'Show the files in the trash, and only those, at the paths where they were; with --jottacloud-hard-delete, delete removes them for good, and nothing else is changed',
    { advanced: true },
  ),
  hardDelete: option(bool, false, 'Delete for good instead of moving to the trash', { advanced: true }),
  uploadResumeLimit: option(
    size,
    10 * mebibyte,
    'An interrupted upload of more than this size continues where it stopped; a smaller one is sent from the beginning',
    { advanced: true },
  ),
  noVersions: option(
    bool,
    false,
    'Keep no older versions of a file that is replaced: the new content goes up beside it, then the old file is removed for good',
    { advanced: true },
  ),
  encoding: option(
    encoding,
    defaultEncoding,
    'The characters that are replaced in names, since Jottacloud does not store them',
    { advanced: true },
  ),
  device: option(text, '', 'The device whose files are meant; empty is the built-in Jotta', { advanced: true }),
  mountpoint: option(text, '', 'The mountpoint on the device; empty is Archive', { advanced: true }),
  jfsUrl: option(
    text,
    'https://jfs.jottacloud.com/jfs/',
    'Where the file tree is served: another address is that of an emulator or of a private deployment',
    { advanced: true },
  ),
  apiUrl: option(text, 'https://api.jottacloud.com/', 'Where account and uploads are served', { advanced: true }),
  wwwUrl: option(text, 'https://www.jottacloud.com/', 'Where the web site is served', { advanced: true }),
  description: option(text, '', 'What the remote is for, in your own words', { advanced: true, effect: 'none' }),
}

export type JottacloudValues = ValuesOf<typeof jottacloudOptions>
