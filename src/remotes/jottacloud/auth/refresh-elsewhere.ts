import { type ChildProcess, spawn } from 'node:child_process'
import type { Renewal, Token } from '../../../core/token.ts'
import { readAnswer, type RefreshJob } from './refresh-job.ts'

/**
 * Has a helper make a refresh: a process that goes on when this one is killed, and leaves the new token where it is found.
 * @param helper the program and its arguments
 * @returns undefined where no helper could be started; nothing has been presented then
 * @throws as the refresh itself
 */
export async function refreshElsewhere(
  helper: readonly string[],
  job: Omit<RefreshJob, 'leaveAt'>,
  renewal: Renewal,
): Promise<Token | undefined> {
  const child = await start(helper)
  if (!child) return undefined
  const answer = answerOf(child)
  try {
    await renewal.begin(child.pid)
  } catch (error) {
    child.kill()
    throw error
  }
  child.stdin?.end(JSON.stringify({ ...job, leaveAt: renewal.leaveAt } satisfies RefreshJob))
  return readAnswer(await answer)
}

function start([program = '', ...args]: readonly string[]): Promise<ChildProcess | undefined> {
  // A session of its own: an interrupt of the terminal does not reach it.
  const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
  child.stdin?.on('error', () => undefined)
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('spawn', () => resolve(child))
  })
}

function answerOf(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return new Promise((resolve) => {
    child.once('close', () => resolve(text))
  })
}
