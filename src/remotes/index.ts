import type { Readable, Writable } from 'node:stream'
import type { RemoteDefinition } from '../options/remote-definition.ts'

/** A kind of remote that is loaded when it is first used. */
export interface RemoteTableEntry {
  /** The `type` in the config file. */
  readonly type: string
  readonly summary: string
  load(): Promise<RemoteDefinition>
}

/** The helper that refreshes a token and outlives the process that asked: the argument that starts it, and what it runs. */
export const refreshHelper = {
  argument: 'finish-refresh',
  async run(input: Readable, output: Writable): Promise<void> {
    const { runRefreshHelper } = await import('./jottacloud/auth/refresh-helper.ts')
    await runRefreshHelper(input, output)
  },
}

/** All kinds of remotes; nothing is imported before it is asked for. */
export const remoteTable: readonly RemoteTableEntry[] = [
  {
    type: 'jottacloud',
    summary: 'Jottacloud',
    load: async () => (await import('./jottacloud/index.ts')).jottacloudDefinition,
  },
  { type: 'local', summary: 'Local disk', load: async () => (await import('./local/index.ts')).localDefinition },
  {
    type: 'memory',
    summary: 'In memory, gone when the program ends',
    load: async () => (await import('./memory/index.ts')).memoryDefinition,
  },
]
