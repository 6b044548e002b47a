/** An object on the wire. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The object in `text`; undefined where it holds none. The text may hold secrets, so why it failed is not kept. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The text under `key`; undefined where it is none. */
export function stringIn(object: JsonObject, key: string): string | undefined {
  const value = object[key]
  return typeof value === 'string' ? value : undefined
}

/** The count of bytes under `key`: a whole number that is not negative; undefined where it is none. */
export function sizeIn(object: JsonObject, key: string): number | undefined {
  const value = object[key]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
