/** What a request asks for: the names for counters, fault rules and the log of requests. */
export const operations = [
  // logins
  ...(['discovery', 'authorization', 'signIn', 'token', 'userinfo', 'certs', 'logout'] as const),
  ...(['legacyRegister', 'legacyToken', 'securePage', 'giveLoginToken'] as const),
  // the JSON interface and events
  ...(['customer', 'allocate', 'upload', 'purgeTrash', 'eventToken', 'websocket'] as const),
  // public links
  ...(['publicDownload', 'publicThumb', 'publicPage'] as const),
  // reading
  ...(['user', 'device', 'mountpoint', 'folder', 'file', 'missing', 'view'] as const),
  ...(['download', 'list', 'liststream', 'thumb'] as const),
  // changing
  ...(['mkDir', 'dl', 'dlDir', 'rm', 'rmDir', 'mv', 'mvDir', 'cp', 'cphash', 'umode', 'multipart'] as const),
  ...(['enableShare', 'disableShare', 'createDevice', 'createMountpoint', 'unknownCommand'] as const),
  // anything else
  'unknown',
] as const

export type Operation = (typeof operations)[number]

export function isOperation(name: unknown): name is Operation {
  return operations.some((operation) => operation === name)
}
