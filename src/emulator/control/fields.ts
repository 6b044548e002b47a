import { ControlError } from './request-error.ts'

/** What a field may hold: a kind of value, or one of some texts. */
export type Kind = keyof typeof CHECKS | readonly string[]

/** The fields that an object may have. */
export type Shape = Readonly<Record<string, Kind>>

const CHECKS = {
  'whole number from 0': (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
  number: (value: unknown) => typeof value === 'number' && Number.isFinite(value),
  string: (value: unknown) => typeof value === 'string',
  boolean: (value: unknown) => typeof value === 'boolean',
  true: (value: unknown) => value === true,
  'number or string': (value: unknown) => typeof value === 'number' || typeof value === 'string',
  'string or null': (value: unknown) => value === null || typeof value === 'string',
} as const

/** Takes a value for an object. Refuses anything else; `what` is how the message calls it. */
export function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError(`${what} must be an object`)
  }
  return { ...value }
}

/** Refuses an object with other fields than those of its shape, or with one that holds something else than it should. */
export function checkFields(object: object, shape: Shape, what: string): void {
  for (const [name, value] of Object.entries(object)) {
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (kind === undefined) {
      throw new ControlError(`${what} has no field "${name}", only ${Object.keys(shape).join(', ')}`)
    }
    if (!holds(value, kind)) {
      const expected = typeof kind === 'string' ? kind : kind.join(' or ')
      throw new ControlError(`"${name}" of ${what} must be ${expected}`)
    }
  }
}

function holds(value: unknown, kind: Kind): boolean {
  return typeof kind === 'string' ? CHECKS[kind](value) : typeof value === 'string' && kind.includes(value)
}
