#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { exitCodeOfSignal } from './cli/exit-codes.ts'
import type { Host } from './cli/host.ts'
import { main } from './cli/main.ts'
import { commandTable } from './commands/index.ts'
import { remoteTable } from './remotes/index.ts'

const host: Host = {
  argv: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  platform: process.platform,
  pid: process.pid,
  // Opening a stream takes time: only those that are written to are opened
  get stdout() {
    return process.stdout
  },
  get stdin() {
    return process.stdin
  },
  get stderr() {
    return process.stderr
  },
  self: [process.execPath, fileURLToPath(import.meta.url)],
  now: () => Date.now(),
  onSignal,
  onToggle,
}

const code = await main(host, { commands: commandTable, backends: remoteTable })
// What is left by then, such as connections kept for a next request, is not waited for
process.exit(code)

function onToggle(handler: () => void): () => void {
  if (process.platform === 'win32') return () => undefined
  process.on('SIGUSR2', handler)
  return () => void process.off('SIGUSR2', handler)
}

function onSignal(handler: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
  let before = false
  const listen = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (before) process.exit(exitCodeOfSignal(signal))
    before = true
    handler(signal)
  }
  process.on('SIGINT', listen)
  process.on('SIGTERM', listen)
  return () => {
    process.off('SIGINT', listen)
    process.off('SIGTERM', listen)
  }
}
