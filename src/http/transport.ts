import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Dispatcher, buildConnector } from 'undici'
import type { HttpSettings } from '../core/env.ts'
import { StorageError, messageOf } from '../core/errors.ts'
import { oneProxy, proxyFromEnvironment } from './proxy.ts'
import { createTlsContext } from './tls.ts'

/** Connections to any number of origins, straight or through a proxy. */
export interface Transport {
  /** The connections to one origin, such as `https://host:port`; made at the first call. */
  to(origin: string): Dispatcher
  /** Whether `error` says that no connection was made, so that nothing can have reached the server. */
  neverConnected(error: unknown): boolean
  close(): Promise<void>
}

/** Long enough that a pause between two files costs no new handshake, shorter than the 60 to 75 s after which servers hang up. */
const keepAliveTimeout = 30_000

/**
 * Loads undici and prepares connections as the settings say. There is no upper limit of connections: how much runs at once is
 * decided by those who ask, and a limit here would let slow readers of downloads block everybody else.
 * @throws StorageError 'config' where certificates, the proxy or the local address cannot be used
 */
export async function createTransport(settings: HttpSettings): Promise<Transport> {
  // The default export: a bundler gives a CommonJS package no names.
  const { default: undici } = await import('undici')
  const localAddress = await addressOf(settings.bind)
  const proxyFor = settings.proxy === undefined ? proxyFromEnvironment(settings.environment) : oneProxy(settings.proxy)
  const dispatchers = new Map<string, Dispatcher>()
  const failed = new WeakSet<Error>()

  let secure: buildConnector.BuildOptions | undefined
  const connectOptions = (): buildConnector.BuildOptions => {
    secure ??= { secureContext: createTlsContext(settings), rejectUnauthorized: !settings.insecure }
    return { ...plainOptions(settings, localAddress), ...secure }
  }

  const watch =
    (connect: buildConnector.connector): buildConnector.connector =>
    (options, callback) =>
      connect({ ...options, ...(localAddress !== undefined && { localAddress }) }, (...result) => {
        if (result[0]) failed.add(result[0])
        callback(...result)
      })

  const pool = (origin: string | URL, connect: buildConnector.connector): Dispatcher =>
    new undici.Pool(origin, {
      connect: watch(connect),
      headersTimeout: settings.idleTimeout,
      bodyTimeout: settings.idleTimeout,
      keepAliveTimeout,
      // 0 is undici's way to say that a connection serves once
      ...(settings.closeConnections ? { pipelining: 0 } : {}),
    })

  const straight = (origin: string): Dispatcher => {
    const options = origin.startsWith('https:') ? connectOptions() : plainOptions(settings, localAddress)
    return pool(origin, undici.buildConnector(options))
  }

  const proxied = (origin: string, proxy: string): Dispatcher =>
    new undici.ProxyAgent({
      uri: proxy,
      proxyTunnel: origin.startsWith('https:'),
      requestTls: connectOptions(),
      // Also given for SOCKS, undici would speak TLS to the proxy.
      ...(proxy.startsWith('socks') ? {} : { proxyTls: connectOptions() }),
      clientFactory: (url, options) => pool(url, connectorOf(options)),
      factory: (url, options) => pool(url, connectorOf(options)),
    })

  return {
    to(origin) {
      let dispatcher = dispatchers.get(origin)
      if (!dispatcher) {
        const proxy = proxyFor(origin)
        dispatcher = proxy === undefined ? straight(origin) : proxied(origin, proxy)
        dispatchers.set(origin, dispatcher)
      }
      return dispatcher
    },
    neverConnected: (error) => error instanceof Error && failed.has(error),
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()))
    },
  }
}

function plainOptions(settings: HttpSettings, localAddress: string | undefined): buildConnector.BuildOptions {
  return {
    timeout: settings.connectTimeout,
    // Node gives each address of a name 250 ms, less than a handshake takes over a satellite.
    autoSelectFamilyAttemptTimeout: 1000,
    ...(localAddress !== undefined && { family: isIP(localAddress) }),
  }
}

/** How an undici agent that makes its own pools would connect. */
function connectorOf(options: object): buildConnector.connector {
  if (!('connect' in options) || typeof options.connect !== 'function') {
    throw new TypeError('undici gave no connect function')
  }
  const { connect } = options
  return (...args) => {
    Reflect.apply(connect, undefined, args)
  }
}

async function addressOf(bind: string | undefined): Promise<string | undefined> {
  if (bind === undefined || bind === '' || isIP(bind) !== 0) return bind || undefined
  try {
    return (await lookup(bind)).address
  } catch (cause) {
    throw new StorageError('config', `--bind ${bind}: no such address: ${messageOf(cause)}`, { cause })
  }
}
