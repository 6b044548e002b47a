import { randomFlags } from './flags.ts'
import type { Random } from './random.ts'
import type { Tree } from './tree.ts'
import { randomTree, randomVariant } from './tree.ts'

/** What a command is run on, and how. */
export interface Case {
  readonly command: string
  /** Its arguments; `{}` stands for the folder that the trees are in. */
  readonly args: readonly string[]
  readonly flags: readonly string[]
  readonly trees: { readonly src: Tree; readonly dst: Tree; readonly other: Tree }
  /** The lines of the file `list`, for `--files-from`. */
  readonly listed: readonly string[]
}

const treeCommands = ['copy', 'sync', 'sync', 'move', 'copyto', 'moveto']
const commands = [...treeCommands, ...treeCommands, 'check', 'check', 'delete', 'rmdirs']

/** The case of one seed, as far as that version of rclone knows its flags (1.60 is 160). */
export function randomCase(random: Random, version: number): Case {
  const source = randomTree(random)
  const dest = random.chance(15) ? new Map() : randomVariant(random, source)
  const other = randomVariant(random, source)
  const command = random.pick(commands)
  const listed = [...source.keys(), ...dest.keys(), 'nosuch'].filter(() => random.chance(50))
  const args = argsOf(random, command, source, dest)
  const flags = randomFlags(random, command, version)
  return { command, args, flags, listed, trees: { src: source, dst: dest, other } }
}

/** Where a file is the source, it is one of the source's files, a directory, or nothing at all. */
function argsOf(random: Random, command: string, source: Tree, dest: Tree): readonly string[] {
  if (command === 'delete' || command === 'rmdirs') return ['{}/dst']
  if (!random.chance(15)) return ['{}/src', '{}/dst']
  const one = random.pick([...source.keys(), 'nosuch'])
  const named = command.endsWith('to')
  return [`{}/src/${one}`, named ? `{}/dst/${random.pick([one, ...dest.keys(), 'new/name'])}` : '{}/dst']
}
