import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bwTimetable } from '../options/bw-timetable.ts'
import { openBandwidth } from './bandwidth.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date(2024, 0, 8, 7, 59, 50) }))
afterEach(() => void vi.useRealTimers())

/** A limit, what it logs, and the signal that switches it. */
function limited(text: string) {
  const lines: string[] = []
  let toggle: (() => void) | undefined
  const host = {
    now: Date.now,
    onToggle(handler: () => void) {
      toggle = handler
      return () => (toggle = undefined)
    },
  }
  const log = {
    log: (r: { level: string; text: string }) => void lines.push(`${r.level} ${r.text}`),
    enabled: () => true,
  }
  const bandwidth = openBandwidth(bwTimetable.parse(text), host, log)
  return { bandwidth, lines, toggle: () => toggle?.(), listening: () => toggle !== undefined }
}

/** What 10 seconds become after a rest, when an eighth of one goes at once. */
const rested = 9875

/** How many milliseconds pass until `bytes` more may go. */
async function delay({ bandwidth }: ReturnType<typeof limited>, bytes: number, way: 'up' | 'down' = 'up') {
  const start = Date.now()
  let end = Infinity
  void bandwidth.take(way, bytes).then(() => (end = Date.now()))
  await vi.advanceTimersByTimeAsync(60_000)
  return end - start
}

test('a rate holds each way, or only the one that it names', async () => {
  const run = limited('10k:20k')
  expect(run.lines).toEqual(['INFO Starting bandwidth limiter at 10Ki:20Ki Byte/s'])
  expect(await delay(run, 102_400)).toBe(10_000)
  expect(await delay(run, 102_400, 'down')).toBe(5000)
  expect(await delay(limited('off:1k'), 1_000_000)).toBe(0)
})

test('SIGUSR2 lifts the limit, for what waits too, and puts it back', async () => {
  const run = limited('1k')
  void run.bandwidth.take('up', 100_000)
  let done = false
  void run.bandwidth.take('up', 1).then(() => (done = true))
  await vi.advanceTimersByTimeAsync(5000)
  expect(done).toBe(false)
  run.toggle()
  await vi.advanceTimersByTimeAsync(300)
  expect(done).toBe(true)
  expect(await delay(run, 1_000_000)).toBe(0)
  run.toggle()
  expect(await delay(run, 10_240)).toBe(rested)
  expect(run.lines.slice(1)).toEqual([
    'NOTICE Bandwidth limit disabled by user (now off)',
    'NOTICE Bandwidth limit enabled by user (now 1Ki)',
  ])
  run.bandwidth.close()
  expect(run.listening()).toBe(false)
})

test.each(['off', '10:00,1k 23:00,off'])(
  'SIGUSR2 does nothing, and ends nothing, while there is no limit: %s',
  (text) => {
    const run = limited(text)
    expect(run.listening()).toBe(true)
    run.toggle()
    expect(run.lines).toEqual(['DEBUG SIGUSR2 received but no bandwidth limit configured right now, ignoring'])
  },
)

test('a timetable changes the limit when its time comes, and says so', async () => {
  const run = limited('Mon-07:00,10k Mon-08:00,1k Mon-09:00,off')
  expect(run.lines).toEqual(['INFO Starting bandwidth limiter at 10Ki Byte/s'])
  expect(await delay(run, 5 * 10_240)).toBe(5000)
  expect(await delay(run, 10_240)).toBe(rested)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(await delay(run, 1_000_000)).toBe(0)
  expect(run.lines.slice(1)).toEqual([
    'NOTICE Scheduled bandwidth change. Limit set to 1Ki Byte/s',
    'NOTICE Scheduled bandwidth change. Bandwidth limits disabled',
  ])
})

test('a limit that is switched off changes for when it is switched on again', async () => {
  const run = limited('Mon-07:00,10k Mon-08:00,1k')
  run.toggle()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await delay(run, 1_000_000)).toBe(0)
  run.toggle()
  expect(await delay(run, 10_240)).toBe(rested)
  expect(run.lines.slice(1)).toEqual([
    'NOTICE Bandwidth limit disabled by user (now off)',
    'NOTICE Scheduled bandwidth change. Limit will be set to 1Ki Byte/s when toggled on again.',
    'NOTICE Bandwidth limit enabled by user (now 1Ki)',
  ])
})
