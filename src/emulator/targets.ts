import type { Exchange } from './exchange.ts'
import { checkPercent } from './names.ts'
import { checkNewPlace, checkUser, splitPath } from './places.ts'
import { invalidArgument } from './refusal.ts'
import type { TreePath } from './state/tree.ts'

/** The target of `mv`, `mvDir` or `cp`: an absolute path with user, device and mountpoint, where things can be put. */
export function targetOf({ query, service }: Exchange, parameter: string): TreePath {
  const [user = '', ...path] = splitPath(query.get(parameter) ?? '')
  if (path.length < 3) throw invalidArgument(`The target of ${parameter} is no absolute path`)
  checkPercent(path)
  checkUser(service.store.world, user)
  checkNewPlace(service, path)
  return path
}
