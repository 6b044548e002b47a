import type { TreeNode } from './load-tree.ts'

const blue = '1;34'
/** Programs, archives, pictures and sound: the kinds of files that the program tree colours. */
const kinds: readonly (readonly [colour: string, extensions: string])[] = [
  ['1;32', 'bat btm cmd com dll exe'],
  ['1;31', 'arj bz2 deb gz lzh rpm tar taz tb2 tbz2 tbz tgz tz tz2 z zip zoo'],
  ['1;35', 'asf avi bmp flac gif jpg jpeg m2a m2v mov mp3 mpeg mpg ogg ppm rm tga tif wav wmv xbm xpm'],
]
const byExtension = new Map(kinds.flatMap(([colour, list]) => list.split(' ').map((extension) => [extension, colour])))

/** `shown` in the colour of what it stands for, for a terminal. */
export function coloured(node: TreeNode, shown: string): string {
  const dot = node.name.lastIndexOf('.')
  const extension = dot === -1 ? '' : node.name.slice(dot + 1).toLowerCase()
  const colour = node.kind === 'dir' ? blue : byExtension.get(extension)
  return colour === undefined ? shown : `\u001b[${colour}m${shown}\u001b[0m`
}
