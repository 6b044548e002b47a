import { StorageError } from '../../../core/errors.ts'
import type { Conversation, Step, Turn } from '../../../options/conversation.ts'
import type { Containers } from '../api/containers.ts'
import { createDevice, createMountpoint, listDevices, listMountpoints } from '../api/containers.ts'
import { fetchCustomer } from '../api/customer.ts'
import { builtInMountpointQuestion, deviceQuestion, mountpointQuestion, nonStandardQuestion } from './questions.ts'
import { openSession } from './session.ts'
import type { Stage } from './stage.ts'
import { answerTo, ask, isYes, keptLogin } from './stage.ts'

const builtInDevice = 'Jotta'
const usualMountpoint = 'Archive'
/** Mountpoints of the built-in device that it does not list, or not always (docs/protocol.md §4.4). */
const unlisted = ['Trash', 'Links', 'Latest']

/** The states that choose device and mountpoint (docs/protocol.md §2.8); names are found in any case, as they are stored. */
export function placeStates(stage: Stage): Conversation {
  const asking = (work: (turn: Turn, account: Containers) => Promise<Step>) => (turn: Turn) =>
    withAccount(stage, turn, (account) => work(turn, account))
  return {
    choose_device: () => Promise.resolve(ask(nonStandardQuestion, 'choose_device_query')),
    choose_device_query: (turn) => {
      if (isYes(turn, nonStandardQuestion)) return Promise.resolve({ goto: 'choose_device_list' })
      turn.set('device', '')
      turn.set('mountpoint', '')
      return Promise.resolve({ done: true })
    },
    choose_device_list: asking(async (_, account) => {
      const [standard, devices] = builtInFirst(await listDevices(account))
      return ask(deviceQuestion(devices, standard), 'choose_device_result')
    }),
    choose_device_result: asking(async (turn, account) => {
      const [standard, devices] = builtInFirst(await listDevices(account))
      const typed = turn.answer.trim() === '' ? standard : turn.answer
      const device = stored(devices, typed) ?? typed
      if (!devices.includes(device)) await createDevice(account, named('device', device))
      turn.set('device', device)
      return await askMountpoint(account, device)
    }),
    choose_mountpoint: asking((turn, account) => askMountpoint(account, turn.get('device') || builtInDevice)),
    choose_device_mountpoint: asking(async (turn, account) => {
      const device = turn.get('device') || builtInDevice
      const mountpoints = await listMountpoints(account, device)
      const standard = defaultMountpoint(device, mountpoints)
      const typed =
        turn.answer.trim() === '' && standard !== '' ? standard : answerTo(turn, mountpointQuestion(device, []))
      const known = stored([...mountpoints, ...(isBuiltIn(device) ? unlisted : [])], typed)
      if (known === undefined && isBuiltIn(device))
        return stage.again('choose_mountpoint', unknownMountpoint(device, typed))
      if (known === undefined) await createMountpoint(account, device, named('mountpoint', typed))
      turn.set('mountpoint', known ?? typed)
      return { done: true }
    }),
    end: () => Promise.resolve({ done: true }),
  }
}

async function withAccount<T>(stage: Stage, turn: Turn, work: (account: Containers) => Promise<T>): Promise<T> {
  const { signal } = turn
  const name = 'jottacloud'
  const { http } = openSession({ name, ...keptLogin(stage, turn), env: stage.env })
  try {
    const { username } = await fetchCustomer(http, { base: stage.api, remote: name, signal })
    return await work({ http, base: stage.jfs, remote: name, user: username, signal })
  } finally {
    await http.close()
  }
}

function isBuiltIn(device: string): boolean {
  return device.toLowerCase() === builtInDevice.toLowerCase()
}

/** The built-in device as it is spelled, and all devices with it in front. */
function builtInFirst(devices: readonly string[]): readonly [standard: string, devices: readonly string[]] {
  const standard = devices.find(isBuiltIn) ?? builtInDevice
  return [standard, [standard, ...devices.filter((device) => device !== standard)]]
}

async function askMountpoint(account: Containers, device: string): Promise<Step> {
  const mountpoints = await listMountpoints(account, device)
  const standard = defaultMountpoint(device, mountpoints)
  const question = isBuiltIn(device)
    ? builtInMountpointQuestion(device, mountpoints, standard)
    : mountpointQuestion(device, mountpoints)
  return ask(question, 'choose_device_mountpoint')
}

function defaultMountpoint(device: string, mountpoints: readonly string[]): string {
  if (!isBuiltIn(device)) return mountpoints[0] ?? ''
  return stored(mountpoints, usualMountpoint) ?? usualMountpoint
}

/** The name as it is stored: an equal one, else one of another case. */
function stored(names: readonly string[], typed: string): string | undefined {
  return names.find((name) => name === typed) ?? names.find((name) => name.toLowerCase() === typed.toLowerCase())
}

/** @throws StorageError 'invalid-argument' for what would lead elsewhere in an address */
function named(kind: 'device' | 'mountpoint', typed: string): string {
  if (!/\/|^\.\.?$/.test(typed)) return typed
  throw new StorageError('invalid-argument', `"${typed}" cannot be the name of a ${kind}`, {
    details: { operation: 'login', hint: 'Take a name without a slash, and neither "." nor "..".' },
  })
}

function unknownMountpoint(device: string, typed: string): StorageError {
  return new StorageError('not-found', `The device ${device} has no mountpoint "${typed}"`, {
    details: {
      operation: 'login',
      hint: 'On the built-in device only mountpoints that exist can be chosen; new ones can be made on other devices.',
    },
  })
}
