import { configOptions } from './common/config.ts'
import { copyOptions } from './common/copy.ts'
import { filterOptions } from './common/filter.ts'
import { listingOptions } from './common/listing.ts'
import { loggingOptions } from './common/logging.ts'
import { networkingOptions } from './common/networking.ts'
import type { ValuesOf } from './option.ts'

/** The options of every command. */
export const globalOptions = {
  ...configOptions,
  ...copyOptions,
  ...filterOptions,
  ...listingOptions,
  ...networkingOptions,
  ...loggingOptions,
}

/** Their values in one run. */
export type GlobalOptions = ValuesOf<typeof globalOptions>
