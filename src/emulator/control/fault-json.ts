import type { FaultAction } from '../fault-action.ts'
import type { ActiveFault, FaultRule } from '../faults.ts'
import { isOperation, operations } from '../operations.ts'
import { checkFields, objectOf, type Shape } from './fields.ts'
import { ControlError } from './request-error.ts'

const RULE: Shape = {
  operation: 'string',
  method: 'string',
  path: 'string',
  pathPattern: 'string',
  skip: 'whole number from 0',
  times: 'number',
  probability: 'number',
  seed: 'number',
}

/** The forms of an action: the fields that it must have, and those that it may have. */
const ACTIONS: readonly { readonly must: Shape; readonly may?: Shape }[] = [
  { must: { status: 'number' }, may: { retryAfter: 'number or string', body: 'string' } },
  { must: { overQuota: 'true' } },
  { must: { readOnly: 'true' } },
  { must: { expireToken: 'true' }, may: { revokeLogin: 'true' } },
  { must: { revokeLogin: 'true' } },
  { must: { reset: ['before', 'after'] } },
  { must: { reset: ['request-body', 'response-body'], afterBytes: 'whole number from 0' } },
  { must: { hang: 'true' } },
  { must: { hang: ['request-body', 'response-body'], afterBytes: 'whole number from 0' } },
  { must: { delayMs: 'whole number from 0' } },
  { must: { corrupt: ['request-body', 'response-body'] }, may: { atByte: 'whole number from 0' } },
  { must: { truncate: 'whole number from 0' } },
  { must: { malformed: 'true' } },
  { must: { wrongMd5: 'true' } },
  { must: { effectThenReset: 'true' } },
  { must: { effectThenStatus: 'number' } },
]

/**
 * Reads a fault rule from JSON: as in code, but an expression stands in `pathPattern`, and `times` below 0 means always.
 * @throws ControlError with what is wrong
 */
export function parseFault(value: unknown): FaultRule {
  const { action, ...fields } = objectOf(value, 'a fault rule')
  checkFields(fields, RULE, 'a fault rule')
  const object = objectOf(action, '"action" of a fault rule')
  assertAction(object)
  const { pathPattern, times, probability = 1, ...rest } = fields
  const { operation } = rest
  if (typeof operation === 'string' && !isOperation(operation)) {
    throw new ControlError(`there is no operation "${operation}", only ${operations.join(', ')}`)
  }
  if (typeof probability === 'number' && (probability < 0 || probability > 1)) {
    throw new ControlError('"probability" of a fault rule must be between 0 and 1')
  }
  return {
    ...rest,
    probability: Number(probability),
    ...(typeof pathPattern === 'string' && { path: expression(pathPattern) }),
    ...(typeof times === 'number' && { times: times < 0 ? Infinity : times }),
    action: object,
  }
}

/** A rule in force as JSON. */
export function faultToJson({ id, rule, seen, acted }: ActiveFault): Record<string, unknown> {
  const { path, times, ...rest } = rule
  const place = path instanceof RegExp ? { pathPattern: path.source } : path === undefined ? {} : { path }
  return { id, seen, acted, ...rest, ...place, ...(times !== undefined && { times: times === Infinity ? -1 : times }) }
}

function assertAction(action: object): asserts action is FaultAction {
  const problems: string[] = []
  for (const { must, may = {} } of ACTIONS) {
    if (!Object.keys(must).every((name) => Object.hasOwn(action, name))) continue
    try {
      checkFields(action, { ...must, ...may }, 'the action of a fault rule')
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
      continue
    }
    if ('status' in action || 'effectThenStatus' in action) checkStatus(Object.values(action)[0])
    return
  }
  throw new ControlError(problems[0] ?? `an action has one of ${names().join(', ')}`)
}

function checkStatus(status: unknown): void {
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new ControlError('a status must be a whole number from 200 to 599')
  }
}

function names(): string[] {
  return [...new Set(ACTIONS.flatMap(({ must }) => Object.keys(must).slice(0, 1)))]
}

function expression(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch {
    throw new ControlError('"pathPattern" of a fault rule is no regular expression')
  }
}
