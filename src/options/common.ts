import { configOptions } from './common/config.ts'
import { copyOptions } from './common/copy.ts'
import { filterOptions } from './common/filter.ts'
import { listingOptions } from './common/listing.ts'
import { loggingOptions } from './common/logging.ts'
import { networkingOptions } from './common/networking.ts'
import { metadataOptions } from './common/metadata.ts'
import { rcloneOptions } from './common/rclone.ts'
import { runOptions } from './common/run.ts'
import { serverOptions } from './common/servers.ts'
import { syncOptions } from './common/sync.ts'
import type { ValuesOf } from './option.ts'

/** The options of every command. */
export const globalOptions = {
  ...configOptions,
  ...copyOptions,
  ...syncOptions,
  ...metadataOptions,
  ...runOptions,
  ...filterOptions,
  ...listingOptions,
  ...networkingOptions,
  ...loggingOptions,
  ...rcloneOptions,
  ...serverOptions,
}

/** Their values in one run. */
export type GlobalOptions = ValuesOf<typeof globalOptions>
