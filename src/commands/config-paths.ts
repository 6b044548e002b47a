import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from '../cli/command.ts'
import { cacheFolder } from '../config/places.ts'

export const command: Command = {
  name: 'config paths',
  summary: 'Show where the config, the cache and temporary files are',
  usage: '',
  help: `Prints the paths of the config file, of the cache and of the folder for temporary files.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ out, configPath, openDeps, global }) {
    out.line(`Config file: ${(await configPath()) ?? ''}`)
    out.line(`Cache dir:   ${global.cacheDir ? resolve(global.cacheDir) : cacheFolder(await openDeps())}`)
    out.line(`Temp dir:    ${resolve(global.tempDir || tmpdir())}`)
  },
}
