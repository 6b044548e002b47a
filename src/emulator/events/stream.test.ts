import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ask, signIn, type SignedIn } from '../signed-in.ts'

let account: SignedIn
const open: WebSocket[] = []

beforeEach(async () => {
  account = await signIn()
})

afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate()
  await account.emulator.close()
})

async function authToken(): Promise<string> {
  const { username } = account.emulator
  const headers = { Authorization: `Bearer ${account.tokens.access_token}` }
  const { text } = await ask(`${account.urls.apiUrl}rest/token/${username}/createToken`, { headers })
  expect(text).toContain(`<username>${username}</username>`)
  return /<authToken>([^<]+)</.exec(text)?.[1] ?? ''
}

interface Listener {
  readonly socket: WebSocket
  /** The next message. */
  readonly next: () => Promise<Record<string, Record<string, unknown>>>
}

async function connect(token: string): Promise<Listener> {
  const address = `${account.urls.apiUrl.replace('http', 'ws')}ws/${account.emulator.username}/${token}`
  const socket = new WebSocket(address)
  open.push(socket)
  const messages: string[] = []
  socket.on('message', (data: Buffer) => void messages.push(data.toString()))
  await once(socket, 'open')
  return {
    socket,
    async next() {
      await expect.poll(() => messages.length).toBeGreaterThan(0)
      return JSON.parse(messages.shift() ?? '')
    },
  }
}

async function subscribe(): Promise<Listener & { readonly lastUuid: unknown }> {
  const listener = await connect(await authToken())
  listener.socket.send(JSON.stringify({ SUBSCRIBE: { path: 'ALL', UA: 'test' } }))
  const answer = await listener.next()
  expect(answer).toEqual({ SUBSCRIBE: { PATH: 'ALL', LAST_UUID: expect.any(String) } })
  return { ...listener, lastUuid: answer['SUBSCRIBE']?.['LAST_UUID'] }
}

describe('the stream of events', () => {
  test('answers a subscription and pings', async () => {
    const { socket, next } = await subscribe()
    socket.send(JSON.stringify({ PING: 'Ok' }))
    expect(await next()).toEqual({ PONG: 'ok' })
    socket.send('not JSON')
    socket.send(JSON.stringify('PING'))
    expect(await next()).toEqual({ PONG: 'ok' })
  })

  test('tells of every change', async () => {
    const { next } = await subscribe()
    const base = `/${account.emulator.username}/Jotta/Archive`
    await account.put('Archive/a.txt', 'hello', { modified: 1_500_000_000_000 })
    const { EVENT, Length } = await next()
    expect(EVENT).toMatchObject({
      U: account.emulator.username,
      T: 'PATH',
      ST: 'NEW_UPLOAD',
      D: {
        FROM: `${base}/a.txt`,
        md5: '5d41402abc4b2a76b9719d911017c592',
        size: '5',
        revision: '1',
        mimeType: 'TEXT_PLAIN',
        modified: '2017-07-14-T02:40:00Z',
      },
    })
    expect(Length).toBe(JSON.stringify(EVENT).length)
    const steps: [string, string, Record<string, string>][] = [
      ['/Archive/dir?mkDir=true', 'CREATE_DIR', { FROM: `${base}/dir` }],
      [
        `/Archive/a.txt?mv=${account.target('Jotta/Archive/dir/b')}`,
        'MOVE',
        { FROM: `${base}/a.txt`, TO: `${base}/dir/b` },
      ],
      ['/Archive/dir/b?dl=true', 'DELETE', { FROM: `${base}/dir/b` }],
      [
        `/Archive/dir?mvDir=${account.target('Jotta/Archive/new')}`,
        'MOVE_DIR',
        { FROM: `${base}/dir`, TO: `${base}/new` },
      ],
      ['/Archive/new?dlDir=true', 'DELETE_DIR', { FROM: `${base}/new` }],
      ['/Archive/new/b?rm=true', 'HARD_DELETE_FILE', { FROM: `${base}/new/b` }],
      ['/Archive/new?rmDir=true', 'HARD_DELETE_DIR', { FROM: `${base}/new` }],
    ]
    for (const [command, ST, D] of steps) {
      expect((await account.post(`/Jotta${command}`)).status, command).toBe(200)
      expect((await next())['EVENT'], command).toMatchObject({ ST, D })
    }
  })

  test('tells of restoring, links and devices', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'hello' }])
    await account.post('/Jotta/Archive/a?dl=true')
    const { next } = await subscribe()
    await account.allocate('Archive/a', 'hello')
    expect((await next())['EVENT']).toMatchObject({ ST: 'RESTORE' })
    await account.get('/Jotta/Archive/a?mode=enableShare')
    expect((await next())['EVENT']).toMatchObject({ ST: 'SHARE_FILE' })
    await account.get('/Jotta/Archive/a?mode=disableShare')
    expect((await next())['EVENT']).toMatchObject({ ST: 'UNSHARE_FILE' })
    await account.post('/laptop?type=LAPTOP')
    expect((await next())['EVENT']).toMatchObject({ ST: 'CREATE_DEVICE' })
    await account.post('/laptop?rm=true')
    expect((await next())['EVENT']).toMatchObject({ ST: 'DELETE_DEVICE' })
  })

  test('names another last event after a change that nobody heard', async () => {
    const first = await subscribe()
    first.socket.terminate()
    const second = await subscribe()
    expect(second.lastUuid).toBe(first.lastUuid)
    second.socket.terminate()
    await expect
      .poll(async () => {
        await account.post('/Jotta/Archive/dir?mkDir=true')
        return (await subscribe()).lastUuid
      })
      .not.toBe(first.lastUuid)
  })

  test('is closed to strangers and with an expired token', async () => {
    await expect(connect('no-token')).rejects.toThrow('401')
    await expect(connect(account.tokens.access_token)).rejects.toThrow('401')
    const token = await authToken()
    account.emulator.clock.advance(3601 * 1000)
    await expect(connect(token)).rejects.toThrow('401')
  })

  test('ends with the emulator', async () => {
    const { socket } = await subscribe()
    const closed = once(socket, 'close')
    await account.emulator.close()
    await closed
    account = await signIn()
  })
})
