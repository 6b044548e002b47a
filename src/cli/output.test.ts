import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createOutput } from './output.ts'
import { createProgress } from './progress.ts'

function sink(failing?: string): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    autoDestroy: false,
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      done(failing === undefined ? null : Object.assign(new Error('cannot write'), { code: failing }))
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('latin1') }
}

const ignore = { onBroken: () => undefined }

describe('standard output', () => {
  test('shows control characters of names and keeps bytes that are no UTF-8', async () => {
    const { stream, text } = sink()
    const out = createOutput(stream, ignore)
    out.line('new\nline \udcfe\udcff')
    out.text('a\tb\n')
    await out.flush()
    expect(text()).toBe(
      Buffer.concat([Buffer.from('new␊line '), Buffer.of(0xfe, 0xff), Buffer.from('\na\tb\n')]).toString('latin1'),
    )
  })

  test('keeps the order of lines and bytes', async () => {
    const { stream, text } = sink()
    const out = createOutput(stream, ignore)
    out.line('1')
    await out.bytes(Buffer.from('2'))
    out.line('3')
    await out.flush()
    expect(text()).toBe('1\n23\n')
  })

  test('hands lines over by itself', async () => {
    const { stream, text } = sink()
    createOutput(stream, ignore).line('x')
    await new Promise(setImmediate)
    expect(text()).toBe('x\n')
  })

  test('tells once when its reader is gone, and drops the rest', async () => {
    let broken = 0
    const out = createOutput(sink('EPIPE').stream, { onBroken: () => broken++ })
    await out.bytes(Buffer.from('a'))
    await new Promise(setImmediate)
    out.line('b')
    await out.flush()
    expect(broken).toBe(1)
  })

  test('fails where it cannot be written', async () => {
    const out = createOutput(sink('ENOSPC').stream, ignore)
    out.line('a')
    await out.flush().catch(() => undefined)
    await expect(out.flush()).rejects.toThrow('failed to write to standard output: cannot write')
  })
})

describe('the progress block', () => {
  test('is drawn over itself on a terminal, cut to its width, lines above it', () => {
    const { stream, text } = sink()
    const progress = createProgress(Object.assign(stream, { isTTY: true, columns: 8 }), {
      text: () => '\nTransferred\nElapsed\n',
    })
    progress.draw()
    progress.above('a log line\n')
    progress.end()
    expect(progress.active()).toBe(false)
    const [up, erase, start] = ['\u001b[1A', '\u001b[2K', '\u001b[1G']
    const block = 'Transfer\nElapsed'
    expect(text()).toBe(
      `${erase}${start}${block}\n${up}${erase}${up}${erase}${start}${erase}a log line\n${block}${erase}${up}${erase}${start}${block}\n`,
    )
  })

  test('names the window of a terminal, and takes the name away', () => {
    const { stream, text } = sink()
    const terminal = Object.assign(stream, { isTTY: true, columns: 80 })
    const progress = createProgress(terminal, { text: () => '\nA\n', title: () => 'ETA: 1s' })
    progress.draw()
    expect(text().endsWith('\u001b]0;ETA: 1s\u0007')).toBe(true)
    progress.end()
    expect(text().endsWith('\u001b]0;\u0007')).toBe(true)
  })

  test('follows itself without a terminal', () => {
    const { stream, text } = sink()
    const progress = createProgress(stream, { text: () => '\nA\nB\n', title: () => 'ETA: 1s' })
    progress.draw()
    progress.above('log\n')
    progress.end()
    expect(text()).toBe('A\nB\nlog\nA\nBA\nB\n')
  })
})
