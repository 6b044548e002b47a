import { bits } from '../choice.ts'
import { option } from '../option.ts'
import { bwTimetable, unlimited } from '../bw-timetable.ts'
import { bool, goDuration, float, int, nativeBool, text, textList } from '../types.ts'

const networking = { group: 'Networking' }
const debugging = { group: 'Debugging' }
/** The last five are rclone's, and there is nothing of the kind here. */
const dumps = [
  'headers',
  'bodies',
  'requests',
  'responses',
  'auth',
  'filters',
  'goroutines',
  'openfiles',
  'mapper',
  'curl',
  'errors',
  'trace',
] as const
const dumpFlags = bits(dumps, { goName: 'fs.dumpChoices', label: 'DumpFlags' })
const minute = 60_000_000_000n

/** How HTTP is spoken. */
export const networkingOptions = {
  bwlimit: option(bwTimetable, unlimited, 'Bytes a second, both ways or UP:DOWN, or a timetable', networking),
  bwlimitFile: option(bwTimetable, unlimited, 'The same for every single file', networking),
  tpslimit: option(float, 0, 'How many HTTP requests a second; 0 is no limit', networking),
  tpslimitBurst: option(int, 1, 'How many requests may go at once under that limit', networking),
  contimeout: option(goDuration, minute, 'How long to wait for a connection', networking),
  timeout: option(goDuration, 5n * minute, 'How long a connection may be silent; 0 is for ever', networking),
  userAgent: option(text, '', 'What fjord calls itself towards servers, instead of its name and version', networking),
  header: option(textList, [], 'A header for every request, as "Name: value"', networking),
  headerUpload: option(textList, [], 'A header for every upload', networking),
  headerDownload: option(textList, [], 'A header for every download', networking),
  httpProxy: option(text, '', 'A proxy for all connections, instead of what the environment says', networking),
  disableHttpKeepAlives: option(bool, false, 'Open a new connection for every request', networking),
  bind: option(text, '', 'The local address that connections come from', networking),
  caCert: option(textList, [], 'A file of certificates (PEM) to trust', networking),
  clientCert: option(text, '', 'The certificate (PEM file) to show to servers', networking),
  clientKey: option(text, '', 'The key (PEM file) of that certificate', networking),
  clientPass: option(text, '', 'What that key is encrypted with, obscured', networking),
  noCheckCertificate: option(bool, false, 'Do not check the certificates of servers: anybody could listen', networking),
  dump: option(
    dumpFlags,
    new Set(),
    'What goes to the log: headers, bodies, requests, responses, auth, mapper; filters prints the rules',
    debugging,
  ),
  dumpHeaders: option(nativeBool, false, 'The same as --dump headers', debugging),
  dumpBodies: option(nativeBool, false, 'The same as --dump bodies', debugging),
}
