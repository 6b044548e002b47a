import type { Logger } from '../core/context.ts'
import { timeFrom } from '../core/time.ts'
import { readFilesFrom } from './files-from.ts'
import type { Filter } from './filter.ts'
import { createFilter, hasRules } from './filter.ts'
import { parseHashFilter } from './hash-partition.ts'
import { limitsOf } from './limits.ts'
import type { FilterValues } from '../options/common/filter.ts'
import { createPathRules } from './path-rules.ts'
import type { ListSources } from './read-list.ts'
import { createListReader } from './read-list.ts'
import { addRuleTexts } from './rule-texts.ts'
import { createRules } from './rules.ts'

/** What loading a filter needs from outside. */
export interface FilterDeps extends ListSources {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Logger
}

/**
 * The filter that the options ask for, with the files that they name read.
 * @throws StorageError 'config' in rclone's words, where an option is wrong, does not go with others, or names a file that
 * cannot be read
 */
export async function loadFilter(
  values: FilterValues & { readonly noTraverse?: boolean },
  deps: FilterDeps,
): Promise<Filter> {
  const { log } = deps
  const readList = createListReader(deps)
  const limits = limitsOf(values, timeFrom(deps.now()))
  const partition = parseHashFilter(values.hashFilter)
  const paths = createPathRules({ ignoreCase: values.ignoreCase, log })
  await addRuleTexts(paths, values, { readList, log })
  const metadata = createRules()
  await addRuleTexts(metadata, metadataTexts(values), { readList, log })
  const { excludeIfPresent, deleteExcluded } = values
  const parts = { limits, partition, paths, metadata, excludeIfPresent, deleteExcluded }
  const listed = await readFilesFrom(values, hasRules(parts), { readList, log })
  return { ...createFilter({ ...parts, listed }), refusesDirs: values.noTraverse }
}

function metadataTexts(values: FilterValues): Parameters<typeof addRuleTexts>[1] {
  return {
    include: values.metadataInclude,
    includeFrom: values.metadataIncludeFrom,
    exclude: values.metadataExclude,
    excludeFrom: values.metadataExcludeFrom,
    filter: values.metadataFilter,
    filterFrom: values.metadataFilterFrom,
  }
}
