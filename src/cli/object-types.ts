import type { Location } from '../core/remote.ts'

/** Knows what the objects of log lines are, under the names that rclone's JSON log has for them: `*local.Fs`, `*local.Object`. */
export interface ObjectTypes {
  /** Remembers a place that was opened, by its description. */
  opened(place: Location): void
  typeOf(object: string): string
}

/** No place opened yet. Files are taken for those of the first place that was. */
export function createObjectTypes(): ObjectTypes {
  const places = new Map<string, string>()
  let first: string | undefined
  return {
    opened({ remote, path }) {
      first ??= remote.type
      places.set(remote.facts(path).description, remote.type)
    },
    typeOf(object) {
      const place = places.get(object)
      if (place !== undefined) return `*${place}.Fs`
      return object === '' || first === undefined ? 'string' : `*${first}.Object`
    },
  }
}
