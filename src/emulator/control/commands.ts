import type { Clock } from '../clock.ts'
import type { Counters } from '../counters.ts'
import type { DialectSwitch } from '../dialect-switch.ts'
import { dialects, isAnswer, isDialectName, type Dialect } from '../dialect.ts'
import type { Faults } from '../faults.ts'
import type { Requests } from '../requests.ts'
import type { SeedFile } from '../seed.ts'
import type { Account } from '../settings.ts'
import { JournalError } from '../state/journal-error.ts'
import type { AccountSettings } from '../state/world.ts'
import { faultToJson, parseFault } from './fault-json.ts'
import { checkFields, objectOf } from './fields.ts'
import { ControlError } from './request-error.ts'

/** What the control interface rules over. */
export interface Controlled {
  readonly faults: Faults
  readonly counters: Counters
  readonly requests: Requests
  readonly clock: Clock
  readonly account: Account
  readonly dialect: DialectSwitch
  seed(files: Iterable<SeedFile>): void
  createLoginToken(): string
}

/** Carries out a request; gives what is answered as JSON. `rest` is what follows the name of the command in the path. */
export type ControlCommand = (emulator: Controlled, body: unknown, rest: string) => unknown

/** The commands by method and path; a path that ends in `/` goes on. */
export const controlCommands: ReadonlyMap<string, ControlCommand> = new Map<string, ControlCommand>([
  ['GET /counters', ({ counters }) => counters.all()],
  ['POST /counters/reset', ({ counters }) => done(() => counters.reset())],
  ['GET /faults', ({ faults }) => faults.all().map(faultToJson)],
  ['POST /faults', ({ faults }, body) => ({ id: faults.add(parseFault(body)) })],
  ['DELETE /faults', ({ faults }) => done(() => faults.clear())],
  ['DELETE /faults/', removeFault],
  ['GET /clock', ({ clock }) => ({ now: clock.now() })],
  ['POST /clock', setClock],
  ['GET /account', ({ account }) => account.settings()],
  ['POST /account', setAccount],
  ['POST /seed', seedFiles],
  ['GET /requests', ({ requests }) => requests.all()],
  ['DELETE /requests', ({ requests }) => done(() => requests.clear())],
  ['GET /dialect', ({ dialect }) => ({ answers: dialect.answers(), possible: dialects })],
  ['POST /dialect', setDialect],
  ['POST /login-token', (emulator) => ({ loginToken: emulator.createLoginToken() })],
])

function done(action: () => void): Record<string, never> {
  action()
  return {}
}

function removeFault({ faults }: Controlled, _body: unknown, rest: string): unknown {
  if (!faults.remove(Number(rest))) throw new ControlError(`there is no fault rule ${rest}`, 404)
  return {}
}

/** The last millisecond that a date can have, either side of 1970. */
const latestTime = 8.64e15

function setClock({ clock }: Controlled, body: unknown): unknown {
  const fields = objectOf(body, 'the clock')
  checkFields(fields, { now: 'number', advance: 'number' }, 'the clock')
  const { now, advance } = fields
  if ((now === undefined) === (advance === undefined)) {
    throw new ControlError('the clock takes either "now", milliseconds since 1970, or "advance", milliseconds')
  }
  const time = now ?? clock.now() + Number(advance)
  if (typeof time !== 'number' || Math.abs(time) > latestTime) throw new ControlError('there is no such time')
  clock.set(time)
  return { now: clock.now() }
}

function setAccount({ account }: Controlled, body: unknown): unknown {
  const changes = objectOf(body, 'the account')
  assertSettings(changes)
  account.set(changes)
  return account.settings()
}

function assertSettings(changes: object): asserts changes is Partial<AccountSettings> {
  const lock = 'boolean'
  const locks = { locked: lock, readLocked: lock, writeLocked: lock, quotaWriteLocked: lock } as const
  checkFields(changes, { quota: 'number', ...locks, lockedCause: 'string or null' }, 'the account')
  if ('quota' in changes && (!Number.isSafeInteger(changes.quota) || Number(changes.quota) < -1)) {
    throw new ControlError('"quota" of the account must be a number of bytes, or -1 for none')
  }
}

function seedFiles(emulator: Controlled, body: unknown): unknown {
  const { files } = objectOf(body, 'the body')
  if (!Array.isArray(files)) throw new ControlError('the body must be an object with an array "files"')
  const checked: SeedFile[] = []
  for (const value of files) {
    const file = objectOf(value, 'a file')
    assertSeedFile(file)
    checked.push(file)
  }
  emulator.seed(checked)
  return { files: checked.length }
}

function assertSeedFile(file: object): asserts file is SeedFile {
  checkFields(
    file,
    {
      path: 'string',
      size: 'whole number from 0',
      content: 'string',
      md5: 'string',
      modified: 'number',
      asStored: 'boolean',
    },
    'a file',
  )
  if (!('path' in file)) throw new ControlError('a file must have a "path", such as "Archive/dir/a.txt"')
  if ('md5' in file && !/^[0-9a-f]{32}$/i.test(String(file.md5))) {
    throw new ControlError('"md5" of a file must be 32 hex digits')
  }
}

function setDialect({ dialect }: Controlled, body: unknown): unknown {
  const changes = objectOf(body, 'the dialect')
  assertAnswers(changes)
  try {
    dialect.set(changes)
  } catch (error) {
    if (error instanceof JournalError) throw new ControlError(error.message)
    throw error
  }
  return { answers: dialect.answers() }
}

function assertAnswers(changes: object): asserts changes is Partial<Dialect> {
  for (const [name, value] of Object.entries(changes)) {
    if (!isDialectName(name)) throw new ControlError(`there is no question "${name}": GET /dialect lists them`)
    if (!isAnswer(name, value)) throw new ControlError(`"${name}" is answered by one of ${dialects[name].join(', ')}`)
  }
}
