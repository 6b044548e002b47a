import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { systemCode } from './atomic-file.ts'

export interface ProgramOptions {
  readonly signal: AbortSignal
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** What it reads from standard input; default: that of this process. */
  readonly input?: string | undefined
  /** What it says on standard error is gathered, not shown. */
  readonly gatherErrors?: boolean | undefined
}

/** What a program has said, and how it failed, in Go's words. */
export interface Ended {
  readonly output: string
  readonly errors: string
  /** Both, as they came. */
  readonly printed: string
  readonly failure: string | undefined
}

/** Runs a program with its arguments to its end; an abort ends it. */
export function runProgram([program = '', ...args]: readonly string[], o: ProgramOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(program, args, {
      ...(o.environment && { env: o.environment }),
      signal: o.signal,
      stdio: [o.input === undefined ? 'inherit' : 'pipe', 'pipe', o.gatherErrors ? 'pipe' : 'inherit'],
      windowsHide: true,
    })
    const said = { output: '', errors: '', printed: '' }
    const gather = (from: 'output' | 'errors') => (more: string) => {
      said[from] += more
      said.printed += more
    }
    child.stdout?.setEncoding('utf8').on('data', gather('output'))
    child.stderr?.setEncoding('utf8').on('data', gather('errors'))
    // A program need not read what it is given.
    child.stdin?.on('error', () => undefined).end(o.input)
    child.on('error', (error) => resolve({ ...said, failure: notStarted(program, error) }))
    child.on('close', (code, by) => {
      const failure = code === 0 ? undefined : code === null ? `signal: ${by}` : `exit status ${code}`
      resolve({ ...said, failure })
    })
  })
}

function notStarted(program: string, error: Error): string {
  const code = systemCode(error)
  if (code === 'EACCES') return `fork/exec ${program}: permission denied`
  if (code !== 'ENOENT') return error.message
  return program.includes('/')
    ? `fork/exec ${program}: no such file or directory`
    : `exec: "${program}": executable file not found in $PATH`
}
