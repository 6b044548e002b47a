#!/usr/bin/env node
import { fstatSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { exitCodeOfSignal } from './cli/exit-codes.ts'
import type { Host } from './cli/host.ts'
import { main } from './cli/main.ts'
import { commandTable } from './commands/index.ts'
import { refreshHelper, remoteTable } from './remotes/index.ts'

const file = fileURLToPath(import.meta.url)
const host: Host = {
  argv: process.argv.slice(2),
  environment: process.env,
  cwd: workingDirectory(),
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
  stdinIsDevice,
  self: [process.execPath, file],
  refreshHelper: [process.execPath, file, refreshHelper.argument],
  now: () => Date.now(),
  onSignal,
  onToggle,
}

if (host.argv.length === 1 && host.argv[0] === refreshHelper.argument) {
  await refreshHelper.run(process.stdin, process.stdout)
  process.exit(0)
}
// Whoever sends it early, or without a limit to switch, does not end the run
onToggle(() => undefined)
const code = await main(host, { commands: commandTable, backends: remoteTable })
// What is left by then, such as connections kept for a next request, is not waited for
process.exit(code)

/** Where it has been removed relative paths lead nowhere, and absolute ones are as good as ever. */
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return '/dev/null'
  }
}

function stdinIsDevice(): boolean {
  try {
    return fstatSync(0).isCharacterDevice()
  } catch {
    // Closed: there is nothing to read either
    return true
  }
}

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
