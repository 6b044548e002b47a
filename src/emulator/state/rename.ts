import { numberKey } from './containers.ts'
import { JournalError } from './journal-error.ts'
import { foldingOf, spellingOf, type Naming } from './naming.ts'
import { walk } from './tree.ts'
import type { World } from './world.ts'

type Names = Map<string, { readonly name: string }>

/** Brings everything under the keys that other rules for names give. Names that are stored keep their spelling. */
export function rename(world: World, naming: Naming): void {
  world.naming = naming
  world.fold = foldingOf(naming)
  world.spell = spellingOf(naming)
  for (const names of mapsOfNames(world)) rekey(names, world.fold)
  const numbers = [...world.numbers.values()]
  world.numbers.clear()
  for (const entry of numbers) world.numbers.set(numberKey(world, entry.path), entry)
}

/**
 * Makes sure that all names stay different under other rules.
 * @throws JournalError 'names' that tells two that would not
 */
export function checkRename(world: Readonly<World>, naming: Naming): void {
  const fold = foldingOf(naming)
  for (const names of mapsOfNames(world)) {
    const seen = new Map<string, string>()
    for (const { name } of names.values()) {
      const other = seen.get(fold(name))
      if (other !== undefined) {
        throw new JournalError('names', `With other rules for names "${other}" and "${name}" would be the same`)
      }
      seen.set(fold(name), name)
    }
  }
}

function* mapsOfNames({ devices }: Readonly<World>): Generator<Names> {
  yield devices
  for (const { mountpoints } of devices.values()) {
    yield mountpoints
    for (const mountpoint of mountpoints.values()) {
      for (const { folders, files } of walk(mountpoint)) {
        yield folders
        yield files
      }
    }
  }
}

function rekey(names: Names, fold: (name: string) => string): void {
  const items = [...names.values()]
  names.clear()
  for (const item of items) names.set(fold(item.name), item)
}
