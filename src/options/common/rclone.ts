import { choice } from '../choice.ts'
import { sizeOff } from '../size.ts'
import { bool, duration, goDuration, int, size, text } from '../types.ts'
import { missing, pointless } from './foreign.ts'

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
  kvLockTime: pointless(goDuration, second, 'Config'),
  noConsole: pointless(bool, false, 'Config'),
  fsCacheExpireDuration: pointless(goDuration, 5n * minute, 'Config'),
  fsCacheExpireInterval: pointless(goDuration, minute, 'Config'),
  disableHttp2: pointless(bool, false, 'Networking'),
  noGzipEncoding: pointless(bool, false, 'Networking'),
  expectContinueTimeout: pointless(goDuration, second, 'Networking'),
  useCookies: pointless(bool, false, 'Networking'),
  color: pointless(colour, 'AUTO', 'Config'),
  autoConfirm: pointless(bool, false, 'Config'),
  useServerModtime: pointless(bool, false, 'Config'),
  maxStatsGroups: pointless(int, 1000, 'RC'),
  cpuprofile: missing(text, '', 'Debugging'),
  memprofile: missing(text, '', 'Debugging'),
  maxConnections: missing(int, 0, 'Networking'),
  dscp: missing(text, '', 'Networking'),
  syslog: missing(bool, false, 'Logging'),
  syslogFacility: missing(text, 'DAEMON', 'Logging'),
  logSystemd: missing(bool, false, 'Logging'),
  logFileMaxSize: missing(size, sizeOff, 'Logging'),
  logFileMaxBackups: missing(int, 0, 'Logging'),
  logFileMaxAge: missing(duration, 0n, 'Logging'),
  logFileCompress: missing(bool, false, 'Logging'),
}
