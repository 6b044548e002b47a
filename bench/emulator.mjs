// An emulator in a process of its own: node bench/emulator.mjs [FILES]; prints its URLs and a login token as one line of JSON.
import { createEmulator } from '../dist/emulator/index.js'

const files = Number(process.argv[2] ?? 0)
const emulator = createEmulator()
emulator.seed(seeds(files))
const { jfsUrl, apiUrl, wwwUrl } = await emulator.listen()
console.log(
  JSON.stringify({ jfs_url: jfsUrl, api_url: apiUrl, www_url: wwwUrl, loginToken: emulator.createLoginToken() }),
)

function* seeds(count) {
  for (let i = 0; i < count; i++)
    yield {
      path: `Archive/dir ${Math.floor(i / 500)}/file number ${i}.jpg`,
      size: 1500,
      md5: i.toString(16).padStart(32, '0'),
    }
}
