import type { MetadataOptions } from '../operations/carry-metadata.ts'
import type { GlobalOptions } from '../options/common.ts'

/** What the flags say of metadata. */
export function metadataOptions({ metadata, metadataSet, metadataMapper, dump }: GlobalOptions): MetadataOptions {
  return { metadata, metadataSet, metadataMapper, dumpMapper: dump.has('mapper') }
}
