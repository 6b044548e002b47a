/** `noTraverse` → `no-traverse`; `hardDelete` of jottacloud → `jottacloud-hard-delete`. */
export function flagName(key: string, backend?: string): string {
  const name = separated(key, '-')
  return backend === undefined ? name : `${backend}-${name}`
}

/** The environment variable of a flag: `max-depth` → `RCLONE_MAX_DEPTH`. */
export function envName(flag: string): string {
  return `RCLONE_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** The option's name in code by its environment variable: the way back from {@link envName} of {@link flagName}. */
export function keyOfEnv(variable: string): string {
  const words = variable.slice('RCLONE_'.length).toLowerCase()
  return words.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The variable that sets one key of one remote, by the remote's name and the key in the config: `RCLONE_CONFIG_MY_REMOTE_TYPE`. */
export function remoteEnvName(remote: string, key: string): string {
  return `RCLONE_CONFIG_${remote.toUpperCase()}_${key.toUpperCase()}`
}

/** The key in the config file and in connection strings: `hardDelete` → `hard_delete`. */
export function configKey(key: string): string {
  return separated(key, '_')
}

function separated(key: string, by: string): string {
  return key.replace(/[A-Z]/g, (letter) => by + letter.toLowerCase())
}
