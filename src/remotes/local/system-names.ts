import type { Path } from '../../core/path.ts'
import type { ReplacedFlag } from '../../options/encoder.ts'
import { createEncoder } from '../../options/encoder.ts'

/** How a system's disks take names: rules that need no disk to be asked. Unicode forms are matched by their NFC everywhere. */
export interface SystemNames {
  /** Names that differ in case alone are one. */
  readonly caseInsensitive: boolean
  /** The absolute path for the system of a path on the remote, which is that without the leading '/' (Windows: 'C:/…'). */
  toSystem(path: Path): string
  /** The reverse of `toSystem`. */
  fromSystem(path: string): Path
  /** The name that people mean by one that the disk has. */
  nameOf(stored: string): string
}

/** What cannot be in a name there (rclone's surface §2.2, "Encoding"). Linux and its like take all that a path can hold. */
const replaced: Partial<Record<NodeJS.Platform, readonly ReplacedFlag[]>> = {
  darwin: ['InvalidUtf8'],
  win32: [
    'LtGt',
    'DoubleQuote',
    'Colon',
    'Question',
    'Asterisk',
    'Pipe',
    'BackSlash',
    'Ctl',
    'RightSpace',
    'RightPeriod',
    'InvalidUtf8',
  ],
}

/** The names of a system: what it cannot have stands there as its look-alike. */
export function systemNames(platform: NodeJS.Platform): SystemNames {
  const flags = replaced[platform]
  const windows = platform === 'win32'
  if (!flags)
    return {
      caseInsensitive: false,
      toSystem: (path) => `/${path}`,
      fromSystem: (path) => path.replace(/^\/+/, ''),
      nameOf: (stored) => stored,
    }
  const encoder = createEncoder(flags)
  const store = (name: string, at: number): string =>
    windows && at === 0 && isDrive(name) ? name : encoder.encode(name)
  const nameOf = (stored: string): string => {
    const name = encoder.decode(stored)
    return name === '.' || name === '..' ? stored : name
  }
  const [separator, root] = windows ? ['\\', ''] : ['/', '/']
  return {
    caseInsensitive: true,
    toSystem(path) {
      const stored = path.split('/').map(store).join(separator)
      return `${root}${stored}${windows && isDrive(stored) ? separator : ''}`
    },
    fromSystem(path) {
      const names = (windows ? path.replaceAll('\\', '/') : path).split('/').filter((name) => name !== '')
      return names.map((name, at) => (windows && at === 0 && isDrive(name) ? name : nameOf(name))).join('/')
    },
    nameOf,
  }
}

function isDrive(name: string): boolean {
  return /^[A-Za-z]:$/.test(name)
}
