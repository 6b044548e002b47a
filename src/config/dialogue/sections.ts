import { findSection, type Ini } from '../ini.ts'

/**
 * A section once more under another name, at the end, without its login: a refresh token that two sections have is used twice
 * sooner or later, which ends the login of both.
 */
export function copySection(ini: Ini, name: string, to: string): Ini {
  const section = findSection(ini, name)
  if (!section) return ini
  const keys = section.keys.filter((key) => !loginKeys.includes(key.name))
  return [...ini.filter((other) => other.name !== to), { ...section, name: to, keys }]
}

const loginKeys: readonly string[] = ['token', 'token_from']

/** A section under another name, in its place. */
export function renameSection(ini: Ini, name: string, to: string): Ini {
  return ini.map((section) => (section.name === name ? { ...section, name: to } : section))
}
