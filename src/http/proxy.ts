import { BlockList, isIP } from 'node:net'
import { StorageError } from '../core/errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Decides which proxy, if any, a request to an origin goes through. */
export type ProxyFor = (origin: string) => string | undefined

interface Target {
  readonly host: string
  readonly port: string
}
type Rule = (target: Target) => boolean

/**
 * The decision that Go takes from HTTP_PROXY, HTTPS_PROXY and NO_PROXY (capitals before small letters; ALL_PROXY is not
 * among them). Loopback addresses and `localhost` never go through a proxy.
 * @throws StorageError 'config', when asked, where the proxy's address makes no sense
 */
export function proxyFromEnvironment(environment: Environment): ProxyFor {
  const proxies: Record<string, string | undefined> = {
    'http:': either(environment, 'HTTP_PROXY'),
    'https:': either(environment, 'HTTPS_PROXY'),
  }
  const excluded = parseNoProxy(either(environment, 'NO_PROXY') ?? '')
  return (origin) => {
    const { protocol, hostname, port } = new URL(origin)
    const proxy = proxies[protocol]
    if (proxy === undefined) return undefined
    const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
    const target = { host, port: port || (protocol === 'https:' ? '443' : '80') }
    return isLoopback(host) || excluded(target) ? undefined : parseProxy(proxy)
  }
}

/** One proxy for every origin. @throws StorageError 'config', when asked, where its address makes no sense */
export function oneProxy(address: string): ProxyFor {
  return () => parseProxy(address)
}

function either(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toLowerCase()] || undefined
}

function parseProxy(text: string): string {
  const whole = text.includes('://') ? text : `http://${text}`
  const proxy = URL.canParse(whole) ? new URL(whole) : undefined
  if (!proxy || !/^(https?|socks5h?):$/.test(proxy.protocol) || proxy.host === '') {
    throw new StorageError('config', 'the address of the proxy makes no sense', {
      details: { hint: 'Give HTTPS_PROXY, HTTP_PROXY and --http-proxy as http://host:port.' },
    })
  }
  return proxy.href.replace(/^socks5h:/, 'socks5:')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  return host === 'localhost' || contains(loopback, host)
}

function parseNoProxy(list: string): Rule {
  const entries = list.split(',').flatMap((part) => part.trim().toLowerCase() || [])
  if (entries.includes('*')) return () => true
  const rules = entries.map((entry) => subnetRule(entry) ?? hostRule(entry))
  return (target) => rules.some((rule) => rule(target))
}

/** A rule for `10.0.0.0/8`. */
function subnetRule(entry: string): Rule | undefined {
  const [, network, prefix] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? []
  const version = isIP(network ?? '')
  if (network === undefined || version === 0 || Number(prefix) > (version === 4 ? 32 : 128)) return undefined
  const subnet = new BlockList()
  subnet.addSubnet(network, Number(prefix), version === 4 ? 'ipv4' : 'ipv6')
  return ({ host }) => contains(subnet, host)
}

/** A rule for an address or a name, with or without a port; a leading dot or `*.` leaves out the name itself. */
function hostRule(entry: string): Rule {
  const { host, port } = splitPort(entry)
  if (host === '') return () => false
  const version = isIP(host)
  const matches = version === 0 ? nameMatcher(host) : addressMatcher(host, version)
  return (target) => (port === undefined || port === target.port) && matches(target.host)
}

function splitPort(entry: string): { readonly host: string; readonly port: string | undefined } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d*)$/.exec(entry) ?? []
  return { host: bracketed ?? plain ?? entry.replace(/^\[(.*)\]$/, '$1'), port: port || undefined }
}

function addressMatcher(address: string, version: number): (host: string) => boolean {
  const one = new BlockList()
  one.addAddress(address, version === 4 ? 'ipv4' : 'ipv6')
  return (host) => contains(one, host)
}

function nameMatcher(name: string): (host: string) => boolean {
  const pattern = name.startsWith('*.') ? name.slice(1) : name
  if (pattern.startsWith('.')) return (host) => isIP(host) === 0 && host.endsWith(pattern)
  return (host) => host === pattern || (isIP(host) === 0 && host.endsWith(`.${pattern}`))
}

function contains(list: BlockList, host: string): boolean {
  const version = isIP(host)
  return version !== 0 && list.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
