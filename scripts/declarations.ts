// What the generated docs are made of; bundled by docs.mjs.
export { commandTable } from '../src/commands/index.ts'
export { exitCodeMeanings } from '../src/cli/exit-codes.ts'
export { globalOptions } from '../src/options/common.ts'
export { configKey, envName, flagName } from '../src/options/names.ts'
export { sectionOptions } from '../src/config/definitions.ts'
export { remoteTable } from '../src/remotes/index.ts'
