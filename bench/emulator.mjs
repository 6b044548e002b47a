// An emulator in a process of its own: node bench/emulator.mjs [FILES [FILES_PER_DIRECTORY]]; prints as one line of JSON
// where it is, where its proxy is, what to trust, and a login token for each of the two ways.
import { createEmulator } from '../dist/emulator/index.js'
import { manyFiles } from './many-files.mjs'

const emulator = createEmulator()
emulator.seed(seeds())
const { jfsUrl, apiUrl, wwwUrl } = await emulator.listen()
const { proxyUrl, caFile } = await emulator.listenProxy()
console.log(
  JSON.stringify({
    urls: { jfs_url: jfsUrl, api_url: apiUrl, www_url: wwwUrl },
    proxyUrl,
    caFile,
    directToken: emulator.createLoginToken(),
    proxiedToken: emulator.createLoginToken({ proxied: true }),
  }),
)
process.once('SIGTERM', () => void emulator.close())

function* seeds() {
  let md5 = 0
  for (const file of manyFiles(Number(process.argv[2] ?? 0), Number(process.argv[3] ?? 500)))
    yield { ...file, path: `Archive/${file.path}`, md5: (md5++).toString(16).padStart(32, '0') }
}
