import { readFile } from 'node:fs/promises'
import type { Command, Invocation } from '../cli/command.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import { timeFrom } from '../core/time.ts'
import { createHttpClient } from '../http/client.ts'
import { copyUrl, copyUrls } from '../operations/copy-url.ts'
import { getUrl } from '../operations/get-url.ts'
import type { UrlGetter } from '../operations/get-url.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { gateOf } from './gate.ts'
import { metadataOptions } from './metadata.ts'

const options = {
  autoFilename: option(bool, false, 'The destination is a directory; the name is that in the URL', { short: 'a' }),
  headerFilename: option(bool, false, 'The same with the name that the server proposes'),
  printFilename: option(bool, false, 'Print the name', { short: 'p' }),
  noClobber: option(bool, false, 'Leave alone a file that is there'),
  stdout: option(bool, false, 'Print what comes instead of storing it'),
  urls: option(bool, false, 'The first argument is a CSV file of URLs and names'),
}

export const command: Command<typeof options> = {
  name: 'copyurl',
  summary: 'Store what a URL gives',
  usage: 'https://example.com dest:path',
  help: `Downloads a URL into a file, with the time that the server tells.

    fjord copyurl https://example.com/photo.jpg jotta:photos/first.jpg
    fjord copyurl -a https://example.com/photo.jpg jotta:photos
    fjord copyurl --urls list.csv jotta:photos`,
  options,
  args: { min: 1, max: 2 },
  retries: true,
  stats: true,
  groups: ['Important', 'Metadata'],
  async run(invocation) {
    const { http: settings, log } = await invocation.openDeps()
    const http = createHttpClient(settings, log)
    try {
      await download(invocation, http)
    } finally {
      await http.close()
    }
  },
}

async function download(invocation: Invocation<typeof options>, http: UrlGetter): Promise<void> {
  const { args, ctx, open, out, global, options: o } = invocation
  const [url = '', to] = args
  if (!o.urls && (o.stdout || to === '-')) {
    const { body } = await getUrl(http, url, ctx.signal)
    for await (const chunk of body) await out.bytes(chunk)
    return
  }
  if (to === undefined) throw new StorageError('invalid-argument', 'need 2 arguments if not using --stdout')
  const onName = o.printFilename ? (name: string) => out.line(name) : undefined
  const settings = {
    ...o,
    ...metadataOptions(global),
    http,
    onName,
    now: timeFrom(Date.now()),
    gate: gateOf(invocation),
  }
  if (o.urls) return await copyUrls(ctx, await readList(url), await open.directory(to), settings)
  const dest =
    o.autoFilename || o.headerFilename ? { ...(await open.directory(to)), file: undefined } : await open.file(to)
  await copyUrl(ctx, url, dest, settings)
}

async function readList(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new StorageError('io', `the list of URLs cannot be read: ${messageOf(error)}`, { cause: error })
  }
}
