// Runs a program as a whole and tells wall, CPU and peak memory. Linux: CPU from bash's `time`, memory from /proc.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * @param {readonly string[]} command program and arguments
 * @param {{ cwd?: string, env?: Record<string, string> }} options
 * @returns {Promise<{ wall: number, cpu: number, peak: number, status: number, stderr: string }>} seconds, seconds, bytes
 */
export function measure(command, options = {}) {
  const started = process.hrtime.bigint()
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" 1>/dev/null 2>&4', 'measure', ...command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ignore', 'pipe'],
  })
  let times = ''
  let stderr = ''
  let peak = 0
  child.stderr.on('data', (chunk) => (times += chunk))
  child.stdio[4].on('data', (chunk) => (stderr += chunk))
  const poll = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 10)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      clearInterval(poll)
      const wall = Number(process.hrtime.bigint() - started) / 1e9
      const [user = 0, system = 0] = times.trim().split(/\s+/).map(Number)
      resolve({ wall, cpu: user + system, peak, status: status ?? 1, stderr })
    })
  })
}

function peakOf(shell) {
  try {
    const children = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ').filter(Boolean)
    return Math.max(
      0,
      ...children.map(
        (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
      ),
    )
  } catch {
    return 0
  }
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
