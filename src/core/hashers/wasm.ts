import { createBLAKE3, createWhirlpool, createXXHash128, createXXHash3 } from 'hash-wasm'
import type { Hasher } from '../hash.ts'

/** The hashes that only the WebAssembly of hash-wasm has (decisions/0010-hash-wasm.md). */
type WasmHash = 'whirlpool' | 'blake3' | 'xxh3' | 'xxh128'

/** A hasher of one of them. */
export async function wasmHasher(type: WasmHash): Promise<Hasher> {
  const create = { whirlpool: createWhirlpool, blake3: createBLAKE3, xxh3: createXXHash3, xxh128: createXXHash128 }[
    type
  ]
  const hash = await create()
  hash.init()
  return {
    update(chunk) {
      hash.update(chunk)
    },
    digest: () => hash.digest('hex'),
  }
}
