import { applyTreeChange } from './apply-tree.ts'
import { applyUploadChange } from './apply-upload.ts'
import type { AccountChange, Change, DeviceChange } from './changes.ts'
import { FORMAT, JournalError } from './journal-error.ts'
import { rename } from './rename.ts'
import { forgetFile } from './revisions.ts'
import { filesBelow } from './tree.ts'
import type { World } from './world.ts'

/** Carries out one change, the only way in which the state changes. What it needs must have been checked before. */
export function apply(world: World, change: Change): void {
  switch (change.op) {
    case 'generated':
    case 'allocate':
    case 'retime':
    case 'complete':
    case 'corrupt':
    case 'upload':
      return applyUploadChange(world, change)
    case 'mkdir':
    case 'put':
    case 'trash':
    case 'remove':
    case 'move':
    case 'purge':
    case 'share':
    case 'folder':
    case 'file':
    case 'number':
      return applyTreeChange(world, change)
    case 'format':
    case 'account':
    case 'port':
    case 'settings':
    case 'naming':
    case 'login':
    case 'family':
    case 'endFamily':
    case 'device':
    case 'removeDevice':
      return applyAccountChange(world, change)
    default:
      throw new Error('there is no such change')
  }
}

function applyAccountChange(world: World, change: AccountChange): void {
  switch (change.op) {
    case 'format':
      if (change.version > FORMAT) throw new JournalError('newer', `format ${change.version}`)
      return
    case 'account':
      world.username = change.username
      world.secret = change.secret
      return
    case 'port':
      world.port = change.port
      return
    case 'settings':
      world.settings = { ...world.settings, ...change.settings }
      return
    case 'naming':
      return rename(world, change.naming)
    case 'login':
      if (change.used) world.logins.delete(change.secret)
      else world.logins.add(change.secret)
      return
    case 'family':
      world.families.set(change.id, { client: change.client, generation: change.generation })
      return
    case 'endFamily':
      world.families.delete(change.id)
      return
    case 'device':
      return makeDevice(world, change)
    case 'removeDevice':
      return removeDevice(world, change.name)
  }
}

function makeDevice(world: World, { name, type, sid }: DeviceChange): void {
  const existing = world.devices.get(world.fold(name))
  if (existing !== undefined) existing.type = type
  else world.devices.set(world.fold(name), { name, type, sid, mountpoints: new Map() })
}

function removeDevice(world: World, name: string): void {
  const device = world.devices.get(world.fold(name))
  for (const mountpoint of device?.mountpoints.values() ?? []) {
    for (const file of filesBelow(mountpoint)) forgetFile(world, file)
  }
  world.devices.delete(world.fold(name))
}
