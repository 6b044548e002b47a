import type { ValuesOf } from '../../options/option.ts'
import { option } from '../../options/option.ts'
import { bool, size, text } from '../../options/types.ts'

const mebibyte = 1024 * 1024

/** What can be set on a Jottacloud remote; the first ones under rclone's names. */
export const jottacloudOptions = {
  clientId: option(text, '', 'OAuth Client Id.\n\nLeave blank normally.', { sensitive: true }),
  clientSecret: option(text, '', 'OAuth Client Secret.\n\nLeave blank normally.', { sensitive: true }),
  token: option(text, '', 'OAuth Access Token as a JSON blob.', { advanced: true, sensitive: true }),
  tokenUrl: option(text, '', 'Token server url.\n\nLeave blank to use the provider defaults.', { advanced: true }),
  md5MemoryLimit: option(
    size,
    10 * mebibyte,
    'Files bigger than this will be cached on disk to calculate the MD5 if required.',
    { advanced: true },
  ),
  hardDelete: option(bool, false, 'Delete files permanently rather than putting them into the trash.', {
    advanced: true,
  }),
  uploadResumeLimit: option(
    size,
    10 * mebibyte,
    'Files bigger than this can be resumed if the upload fails.\n\nOf no effect: files of any size are resumed, as with rclone.',
    { advanced: true },
  ),
  device: option(text, '', 'The device to use.\n\nLeave blank for the built-in device, Jotta.', { advanced: true }),
  mountpoint: option(text, '', 'The mountpoint to use.\n\nLeave blank for Archive.', { advanced: true }),
  jfsUrl: option(text, 'https://jfs.jottacloud.com/jfs/', 'Where the file tree is served.', { advanced: true }),
  apiUrl: option(text, 'https://api.jottacloud.com/', 'Where the JSON API is served.', { advanced: true }),
  wwwUrl: option(text, 'https://www.jottacloud.com/', 'Where the web site is served.', { advanced: true }),
}

export type JottacloudValues = ValuesOf<typeof jottacloudOptions>
