import { durationOff } from '../duration.ts'
import { choice } from '../choice.ts'
import type { Option } from '../option.ts'
import { option } from '../option.ts'
import { sizeOff } from '../size.ts'
import type { OptionType } from '../option.ts'
import { bool, commaList, duration, int, size, text, textList } from '../types.ts'

const second = 1_000_000_000n
const minute = 60n * second
const colour = choice(['AUTO', 'NEVER', 'ALWAYS'] as const, { goName: 'fs.terminalColorModeChoices' })

/**
 * Flags of rclone that do nothing here, so that no script fails on one (rclone's surface 2.3): those without a meaning are
 * taken, those that ask for something that is not there are refused.
 */
export const rcloneOptions = {
  useMmap: pointless(bool, false, 'Performance'),
  maxBufferMemory: pointless(size, sizeOff, 'Performance'),
  kvLockTime: pointless(duration, second, 'Config'),
  noConsole: pointless(bool, false, 'Config'),
  fsCacheExpireDuration: pointless(duration, 5n * minute, 'Config'),
  fsCacheExpireInterval: pointless(duration, minute, 'Config'),
  disableHttp2: pointless(bool, false, 'Networking'),
  noGzipEncoding: pointless(bool, false, 'Networking'),
  expectContinueTimeout: pointless(duration, second, 'Networking'),
  useCookies: pointless(bool, false, 'Networking'),
  color: pointless(colour, 'AUTO', 'Config'),
  autoConfirm: pointless(bool, false, 'Config'),
  disable: missing(commaList, [], 'Config'),
  useServerModtime: missing(bool, false, 'Config'),
  maxConnections: missing(int, 0, 'Networking'),
  dscp: missing(text, '', 'Networking'),
  httpProxy: missing(text, '', 'Networking'),
  disableHttpKeepAlives: missing(bool, false, 'Networking'),
  headerUpload: missing(textList, [], 'Networking'),
  headerDownload: missing(textList, [], 'Networking'),
  clientPass: missing(text, '', 'Networking'),
  syslog: missing(bool, false, 'Logging'),
  syslogFacility: missing(text, 'DAEMON', 'Logging'),
  logSystemd: missing(bool, false, 'Logging'),
  logFileMaxSize: missing(size, sizeOff, 'Logging'),
  logFileMaxBackups: missing(int, 0, 'Logging'),
  logFileMaxAge: missing(duration, durationOff, 'Logging'),
  logFileCompress: missing(bool, false, 'Logging'),
  progressTerminalTitle: missing(bool, false, 'Logging'),
  statsOneLineDate: missing(bool, false, 'Logging'),
  statsOneLineDateFormat: missing(text, '', 'Logging'),
  rc: missing(bool, false, 'RC'),
  rcAddr: missing(textList, [], 'RC'),
  rcUser: missing(text, '', 'RC'),
  rcPass: missing(text, '', 'RC'),
  rcNoAuth: missing(bool, false, 'RC'),
  rcHtpasswd: missing(text, '', 'RC'),
  rcServe: missing(bool, false, 'RC'),
  rcFiles: missing(text, '', 'RC'),
  rcBaseurl: missing(text, '', 'RC'),
  rcWebGui: missing(bool, false, 'RC'),
  metricsAddr: missing(textList, [], 'RC'),
}

function pointless<T>(type: OptionType<T>, fallback: T, group: string): Option<T> {
  return option(type, fallback, "Taken for rclone's sake; has no effect", { group, effect: 'none' })
}

function missing<T>(type: OptionType<T>, fallback: T, group: string): Option<T> {
  return option(type, fallback, 'Not there: refused', { group, effect: 'missing' })
}
