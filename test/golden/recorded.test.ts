import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { systemCalls } from '../../src/remotes/local/system-calls.ts'

// What rclone 1.76 printed for these commands (cases.txt, index.tsv, expected/), in the tree that mkfixture.sh builds. The
// command under test is the built one. Comparison: 'exact', 'sorted' (the same lines in any order) or 'skip'.

const here = dirname(fileURLToPath(import.meta.url))
const bin = join(here, '../../dist/bin.js')
const hasTools = process.platform === 'linux' && ['bash', 'sh', 'touch', 'find'].every((tool) => spawnSync(tool, ['--version']).error === undefined)
/** Those that show a time with nanoseconds, which koffi is needed for (decisions/0013). */
const nanoseconds: ReadonlySet<string> = new Set(['copy-file-into-dir', 'copy-metadata', 'copy-metadata-set-without-M'])
/** Bytes of a directory on the disk that the answers were recorded on; on others it is something else. */
const recordedDirSize = 4096
const base = realpathSync(mkdtempSync(join(tmpdir(), 'fjord-golden-')))
const shim = join(base, 'bin')
const pristine = join(base, 'pristine')

afterAll(() => rmSync(base, { recursive: true, force: true }))

describe.skipIf(!hasTools)('recorded answers of rclone', () => {
  mkdirSync(shim)
  writeFileSync(join(shim, 'rclone'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, { mode: 0o755 })
  if (hasTools) spawnSync('sh', [join(here, 'mkfixture.sh'), pristine])
  const index = new Map(lines('index.tsv').map((line) => [line.split('\t')[0] ?? '', line.split('\t')]))

  test.for(cases())('$id', ({ id, script }, { skip }) => {
    skip(!systemCalls() && nanoseconds.has(id), 'times are not set to the nanosecond here')
    const [, exit, stdout = 'skip', stderr = 'skip'] = index.get(id) ?? []
    const got = runCase(script)
    if (stdout !== 'skip') expect(compared(got.stdout, stdout), 'stdout').toBe(expected(id, 'stdout', stdout))
    if (stderr !== 'skip') expect(compared(got.stderr, stderr), 'stderr').toBe(expected(id, 'stderr', stderr))
    expect(got.exit, 'exit code').toBe(exit)
  })
})

function lines(name: string): string[] {
  return readFileSync(join(here, name), 'utf8').split('\n').filter(Boolean)
}

/** Blocks of "@ id", then the lines of a shell script, then an empty line. */
function cases(): { id: string; script: string }[] {
  const blocks = readFileSync(join(here, 'cases.txt'), 'utf8').split(/\n\n+/)
  return blocks.flatMap((block) => {
    const match = /^@ (\S+).*\n([\s\S]+)$/m.exec(block)
    return match ? [{ id: match[1] ?? '', script: match[2] ?? '' }] : []
  })
}

function runCase(script: string): { stdout: string; stderr: string; exit: string } {
  const root = join(base, 'r')
  rmSync(root, { recursive: true, force: true })
  spawnSync('sh', ['-c', 'rm -rf "$2" && cp -a "$1" "$2"', 'copy', pristine, root])
  mkdirSync(join(root, 'home'))
  const env = { PATH: `${shim}:/usr/bin:/bin`, HOME: join(root, 'home'), TZ: 'UTC', LC_ALL: 'C.UTF-8', RCLONE_CONFIG: 'rclone.conf', TERM: 'dumb', GOLDEN: here }
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `umask 022\n${withFreePort(script)}`], { cwd: root, env, input: '', timeout: 60_000 })
  const shown = (output: Buffer): string => withRecordedPort(normalised(output, root), script, join(root, 'home/port'))
  return { stdout: shown(stdout), stderr: shown(stderr), exit: String(status) }
}

const listens = /\.listen\((\d+),"127\.0\.0\.1"\)/

/** The server of a case gets a free port, which it says when it listens: the recorded one may be taken, and a sleep too short. */
function withFreePort(script: string): string {
  const port = listens.exec(script)?.[1]
  if (port === undefined) return script
  const says = 'function(){require("fs").writeFileSync(process.env.HOME+"/port",String(this.address().port))}'
  return script
    .replace(listens, `.listen(0,"127.0.0.1",${says})`)
    .replace(/sleep [\d.]+;/, 'until [ -s "$HOME/port" ]; do sleep 0.02; done; PORT=$(cat "$HOME/port");')
    .replaceAll(port, '$PORT')
}

function withRecordedPort(output: string, script: string, said: string): string {
  const port = listens.exec(script)?.[1]
  return port === undefined ? output : output.replaceAll(`:${readFileSync(said, 'utf8')}/`, `:${port}/`)
}

function normalised(output: Buffer, root: string): string {
  return output
    .toString('latin1')
    .replaceAll(root, '{ROOT}')
    .replaceAll(here, '{GOLDEN}')
    .replace(/^(password:)?\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(\.\d{6})? /gm, '$1{LOGTIME} ')
    .replace(/("time":")[^"]*"/g, '$1{TIME}"')
    .replace(/(^|\\n)(Elapsed time: +)[0-9hms.]+/gm, '$1$2{ELAPSED}')
    .replace(/, [0-9.]+ ([KMGTP]i)?(B|bit)\/s, ETA [0-9a-z-]+/g, ', {SPEED}, ETA {ETA}')
    .replace(/^Usage:\n(?:(?!\{LOGTIME\}|Error:|rc=)[^\n]*\n?)+/gm, '{USAGE}\n')
    .replace(/\bfjord\b/g, 'rclone')
    .replace(/\bFjord\b/g, 'Rclone')
}

function expected(id: string, stream: string, how: string): string {
  return compared(readFileSync(join(here, 'expected', `${id}.${stream}`), 'latin1'), how)
}

function compared(shown: string, how: string): string {
  const text = statSync(join(pristine, 'src/dir1')).size === recordedDirSize ? shown : withoutDirSizes(shown)
  if (how !== 'sorted') return text
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  return body.split('\n').sort().join('\n')
}

function withoutDirSizes(text: string): string {
  return text
    .replace(/^ +\d+ (?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +-1 )/gm, '{SIZE} ')
    .replace(/(?<="Size":)\d+(?=,"MimeType":"inode\/directory")/g, '{SIZE}')
    .replace(/(directory modification time as --dry-run is set) \(size \w+\)/g, '$1')
}
