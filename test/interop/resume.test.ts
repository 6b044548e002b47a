import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

// More than fjord would rather send again (--jottacloud-upload-resume-limit).
const SIZE = 12_000_000
const CUT = 1_000_000

describe.skipIf(rcloneVersion === undefined)('after a cut', () => {
  let account: Interop

  beforeAll(async () => {
    account = await createInterop()
  })

  beforeEach(() => account.emulator.faults.clear())

  afterAll(() => account[Symbol.asyncDispose]())

  /** A file whose content nobody has yet. */
  function file(name: string): string {
    account.files('src', { [name]: name.padEnd(SIZE, `${name} `) })
    return `src/${name}`
  }

  const cut = { operation: 'upload', action: { reset: 'request-body', afterBytes: CUT } } as const

  test('rclone goes on where the account got to [13]', async () => {
    const path = file('by-rclone')
    account.emulator.faults.add(cut)
    const counts = await account.requests(() => account.rclone('copy', path, 'j:'))
    expect(counts).toMatchObject({ allocate: 2, upload: 2 })
    // Some of what was sent was on its way and not yet stored when the line was cut.
    expect(account.emulator.counters.of('upload').bytesReceived).toBeLessThan(SIZE + CUT)
    expect((await account.tryRclone(['check', 'src', 'j:', '--one-way', '--download'])).status).toBe(0)
  })

  test.each([['rclone', 'fjord'] as const, ['fjord', 'rclone'] as const])(
    'what %s began %s ends',
    async (first, second) => {
      const path = file(`${first}-${second}`)
      account.emulator.faults.add({ ...cut, times: Infinity })
      const once = ['copy', '--retries', '1', '--low-level-retries', '1', path, 'j:']
      const ran = first === 'rclone' ? await account.tryRclone(once) : await account.tryFjord(once)
      expect(ran.status).not.toBe(0)
      account.emulator.faults.clear()
      await account.requests(() => account[second]('copy', path, 'j:'))
      expect(account.emulator.counters.of('upload').bytesReceived).toBeLessThanOrEqual(SIZE - CUT)
      expect((await account.tryRclone(['check', 'src', 'j:', '--one-way', '--download'])).status).toBe(0)
    },
  )

  test('rclone reads on after a cut download', async () => {
    account.emulator.seed([{ path: 'Archive/down.bin', size: SIZE }])
    account.emulator.faults.add({ operation: 'download', action: { reset: 'response-body', afterBytes: CUT } })
    await account.rclone('copy', 'j:down.bin', 'down')
    expect((await account.tryRclone(['check', 'down', 'j:', '--one-way'])).stderr).toContain('0 differences found')
  })

  test('rclone waits out trouble of the service, and tells what it cannot mend', async () => {
    account.emulator.faults.add({ operation: 'folder', times: 2, action: { status: 503 } })
    await account.rclone('mkdir', 'j:folder')
    expect(await account.rclone('lsf', 'j:folder')).toBe('')
    account.emulator.faults.add({ operation: 'allocate', times: Infinity, action: { status: 507, body: '{}' } })
    const full = await account.tryRclone(['copy', '--retries', '1', file('too-much'), 'j:'])
    expect([full.status, full.stderr.includes('507')]).toEqual([1, true])
  })
})
