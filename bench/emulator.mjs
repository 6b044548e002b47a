// An emulator in a process of its own: node bench/emulator.mjs [FILES]; prints as one line of JSON where it is, where its
// proxy is, what to trust, and a login token for each of the two ways.
import { createEmulator } from '../dist/emulator/index.js'

const files = Number(process.argv[2] ?? 0)
const emulator = createEmulator()
emulator.seed(seeds(files))
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

function* seeds(count) {
  for (let i = 0; i < count; i++)
    yield {
      path: `Archive/dir ${Math.floor(i / 500)}/file number ${i}.jpg`,
      size: 1500,
      md5: i.toString(16).padStart(32, '0'),
    }
}
