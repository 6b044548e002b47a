import type { Device, Mountpoint } from '../state/tree.ts'
import type { World } from '../state/world.ts'
import { jfsDate } from './dates.ts'
import { preserved } from './escape.ts'
import { PROLOG, rootAttributes, type Root } from './root.ts'

/** Names below the built-in device that are views; the first two are listed on it (docs/protocol.md §4.8). */
export const LISTED_VIEWS = ['Latest', 'Shared'] as const

/** The document of the account (docs/protocol.md §4.3). */
export function userDocument(world: Readonly<World>, root: Root): string {
  const { quota, locked, readLocked, writeLocked, quotaWriteLocked } = world.settings
  const devices = [...world.devices.values()].map((device) => indented(deviceElements(device), '      '))
  return (
    `${PROLOG}<user${rootAttributes(root)}>\n  <username>${root.username}</username>\n` +
    `  <account-type>${quota < 0 ? 'unlimited' : 'free'}</account-type>\n  <locked>${locked}</locked>\n` +
    `  <capacity>${quota}</capacity>\n  <max-devices>-1</max-devices>\n` +
    `  <max-mobile-devices>-1</max-mobile-devices>\n  <usage>${usageOf(world)}</usage>\n` +
    `  <read-locked>${readLocked}</read-locked>\n  <write-locked>${writeLocked}</write-locked>\n` +
    `  <quota-write-locked>${quotaWriteLocked}</quota-write-locked>\n  <enable-sync>true</enable-sync>\n` +
    '  <enable-foldershare>true</enable-foldershare>\n  <devices>\n' +
    devices.map((device) => `    <device>\n${device}    </device>\n`).join('') +
    '  </devices>\n</user>\n'
  )
}

/** The document of a device with its mountpoints (docs/protocol.md §4.4). */
export function deviceDocument(device: Device, root: Root): string {
  const views = device.type === 'JOTTA' ? LISTED_VIEWS.map(viewElement) : []
  const mountpoints = [...device.mountpoints.values()].map((mountpoint) => mountpointElement(mountpoint, root.username))
  const all = [...views, ...mountpoints]
  const list = all.length === 0 ? '' : `  <mountPoints>\n${all.join('')}  </mountPoints>\n`
  const metadata = `  <metadata first="" max="" total="${all.length}" num_mountpoints="${all.length}"/>\n`
  return deviceRoot(device, root, list + metadata)
}

/** The document of a device without its mountpoints, as commands answer it (docs/protocol.md §4.14). */
export function bareDeviceDocument(device: Device, root: Root): string {
  return deviceRoot(device, root, '')
}

/** Bytes that count against the quota. */
export function usageOf(world: Readonly<World>): number {
  let usage = 0
  for (const device of world.devices.values()) usage += sizeOfDevice(device)
  return usage
}

function deviceRoot(device: Device, root: Root, rest: string): string {
  const elements = `${indented(deviceElements(device), '  ')}  <user>${root.username}</user>\n`
  return `${PROLOG}<device${rootAttributes(root)}>\n${elements}${rest}</device>\n`
}

function deviceElements(device: Device): string[] {
  const changes = [...device.mountpoints.values()].map((mountpoint) => mountpoint.modified ?? -Infinity)
  const modified = Math.max(-Infinity, ...changes)
  return [
    preserved('name', device.name),
    preserved('display_name', device.name),
    `<type>${device.type}</type>`,
    `<sid>${device.sid}</sid>`,
    `<size>${sizeOfDevice(device)}</size>`,
    `<modified>${jfsDate(modified === -Infinity ? undefined : modified)}</modified>`,
  ]
}

function sizeOfDevice(device: Device): number {
  let size = 0
  for (const mountpoint of device.mountpoints.values()) size += mountpoint.size
  return size
}

// A deleted mountpoint says so in an element, unlike files and folders.
function mountpointElement(mountpoint: Mountpoint, username: string): string {
  const { name, deleted, size, modified } = mountpoint
  const parent = `/${username}/${mountpoint.device.name}`
  const gone = deleted === undefined ? [] : [`<deleted>${jfsDate(deleted)}</deleted>`, preserved('abspath', parent)]
  const rest = [`<size>${size}</size>`, `<modified>${jfsDate(modified)}</modified>`]
  return `    <mountPoint>\n${indented([preserved('name', name), ...gone, ...rest], '      ')}    </mountPoint>\n`
}

function viewElement(name: string): string {
  const elements = [preserved('name', name), '<size>0</size>', '<modified></modified>']
  return `    <mountPoint>\n${indented(elements, '      ')}    </mountPoint>\n`
}

function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => `${indent}${line}\n`).join('')
}
