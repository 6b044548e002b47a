import { X509Certificate } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Identity } from './certificates.ts'

/** A certificate authority that makes the certificates of servers when they are asked for. */
export interface Authority {
  /**
   * Writes the certificate (PEM) that clients have to trust and gives the path of that file: the one named, or one in
   * the state folder, or a temporary one.
   */
  publish(file?: string): string
  /** What a server shows as a host, made once. */
  identityFor(host: string): Promise<Identity>
  /** The same for node:tls. */
  contextFor(host: string): Promise<SecureContext>
  /** Removes the temporary file. */
  close(): void
}

const YEAR = 365 * 86_400_000

/** Opens the authority of a state folder, or makes a new one. Its key is nowhere but in that folder. */
export async function openAuthority(stateDir?: string): Promise<Authority> {
  // Loading takes longer than all of the work, and most emulators need none of it.
  const certificates = await import('./certificates.ts')
  const kept = stateDir === undefined ? undefined : readKept(stateDir)
  const authority = kept ?? (await certificates.makeAuthority(Date.now()))
  if (stateDir !== undefined && kept === undefined) keep(stateDir, authority)
  let temporary: string | undefined
  const defaultFile = (): string => {
    if (stateDir !== undefined) return join(stateDir, CA_FILE)
    temporary ??= fs.mkdtempSync(join(tmpdir(), 'fjord-ca-'))
    return join(temporary, CA_FILE)
  }
  const identityFor = remembered((host) => certificates.makeServer(authority, host, Date.now()))
  const contextFor = remembered(async (host) => {
    const { certificate, key } = await identityFor(host)
    return createSecureContext({ cert: certificate, key })
  })
  return {
    publish(file = defaultFile()) {
      fs.writeFileSync(file, authority.certificate)
      return file
    },
    identityFor,
    contextFor,
    close() {
      if (temporary !== undefined) fs.rmSync(temporary, { recursive: true, force: true })
    },
  }
}

function remembered<T>(make: (host: string) => Promise<T>): (host: string) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return (host) => {
    const one = made.get(host) ?? make(host)
    made.set(host, one)
    return one
  }
}

const CA_FILE = 'ca.pem'
// Key and certificate in one file cannot come apart.
const KEPT_FILE = 'ca-key.pem'

function readKept(stateDir: string): Identity | undefined {
  const file = join(stateDir, KEPT_FILE)
  if (!fs.existsSync(file)) return undefined
  const text = fs.readFileSync(file, 'utf8')
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text) ?? []
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text) ?? []
  if (key === undefined || certificate === undefined) return undefined
  const expiry = Date.parse(new X509Certificate(certificate).validTo)
  return expiry - Date.now() < YEAR ? undefined : { key, certificate }
}

function keep(stateDir: string, { key, certificate }: Identity): void {
  const file = join(stateDir, KEPT_FILE)
  const beside = `${file}.new`
  fs.rmSync(beside, { force: true })
  fs.writeFileSync(beside, key + certificate, { mode: 0o600, flag: 'wx' })
  fs.renameSync(beside, file)
}
