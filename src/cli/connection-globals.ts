import type { TypedPath } from '../config/connection-string.ts'
import type { OpenDeps } from '../config/open.ts'
import { isStorageError } from '../core/errors.ts'

/** Global flags by their key in the config: `max_depth`. */
export type GlobalTexts = Readonly<Record<string, string>>

const prefix = 'global.'

/**
 * The global flags in connection strings among the arguments: `name,global.max_depth=1:path` (docs: rclone's surface 3.2).
 * Arguments that are none are passed over; whoever opens them says what is wrong with them.
 */
export async function globalsInArguments(args: readonly string[], platform: NodeJS.Platform): Promise<GlobalTexts> {
  if (!args.some((arg) => arg.includes(prefix))) return {}
  return Object.assign({}, ...(await placesOf(args, platform)).map(({ parameters }) => globalsOf(parameters)))
}

/** The global flags in the config sections that the arguments name. */
export async function globalsInSections(args: readonly string[], deps: () => Promise<OpenDeps>): Promise<GlobalTexts> {
  if (!args.some((arg) => arg.includes(':'))) return {}
  const { config, environment, platform } = await deps()
  const { findRemote } = await import('../config/remote-section.ts')
  const named = (await placesOf(args, platform)).filter(({ onTheFly }) => !onTheFly)
  const sections = named.map(({ name }) => globalsOf(findRemote(config, environment, name)?.values ?? {}))
  return Object.assign({}, ...sections)
}

function globalsOf(values: Readonly<Record<string, string>>): GlobalTexts {
  const found = Object.entries(values).filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]))
}

type RemotePath = Extract<TypedPath, { kind: 'remote' }>

async function placesOf(args: readonly string[], platform: NodeJS.Platform): Promise<readonly RemotePath[]> {
  const { parseTypedPath } = await import('../config/connection-string.ts')
  return args.flatMap((arg) => {
    try {
      const place = parseTypedPath(arg, platform)
      return place.kind === 'remote' ? [place] : []
    } catch (error) {
      if (isStorageError(error)) return []
      throw error
    }
  })
}
