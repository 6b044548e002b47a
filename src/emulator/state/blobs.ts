/** The received bytes of one unfinished upload, growing at their end. */
export interface Part {
  readonly received: number
  /** A promise means that bytes come faster than they are worked off, and to wait for it. */
  append(chunk: Uint8Array): Promise<void> | undefined
  /** Forgets everything from position `size` on. */
  truncate(size: number): void
  /** Lower-case hex MD5 of all received bytes; nothing can be appended afterwards, but it can be truncated. */
  digest(): Promise<string>
  /** Lets go of what is only needed while bytes arrive. */
  pause(): void
  /** Lets go of everything; the last call. */
  drop(): void
}

/** Where bytes are kept: whole contents by content key, unfinished uploads by upload id. */
export interface Blobs {
  /** The part of an upload of so many bytes, empty at first. */
  part(id: string, size: number): Part
  /** How many bytes of an upload are there. */
  received(id: string): number
  /** How many contents and parts are there, without those that are made up. */
  count(): number
  /** Makes a part a content. Repeating it, or doing it for a content that is there, does no harm. */
  seal(id: string, key: string): void
  discard(id: string): void
  put(key: string, bytes: Uint8Array): void
  /** Declares a content of made-up bytes: see generated-content.ts. */
  generate(key: string, size: number): void
  /** The contents that are made up, as key and size. */
  readonly generated: ReadonlyMap<string, number>
  remove(key: string): void
  /** Bytes from `start` up to, not including, `end`. Throws if the content is not there. */
  read(key: string, start: number, end: number): Iterable<Uint8Array>
  /** Removes every content and part that is not among those named. */
  keepOnly(keys: ReadonlyMap<string, unknown>, ids: ReadonlyMap<string, unknown>): void
}
