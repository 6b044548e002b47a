import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as tls from 'node:tls'
import type { HttpSettings } from '../core/env.ts'
import { StorageError, messageOf } from '../core/errors.ts'
import { reveal } from '../options/obscure.ts'

type TlsSettings = Pick<HttpSettings, 'caCerts' | 'clientCert' | 'clientKey' | 'clientPass' | 'environment'>

/** Where Go looks for the system's roots on Linux and the BSDs; the first that can be read is taken. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
  '/usr/local/etc/ssl/cert.pem',
]
const systemDirs = ['/etc/ssl/certs', '/etc/pki/tls/certs']
const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * What the connections of one client trust and show, made once: parsing the system's roots takes 15 ms.
 * @throws StorageError 'config' where a file of the settings cannot be read or is no PEM
 */
export function createTlsContext(settings: TlsSettings): tls.SecureContext {
  const ca =
    settings.caCerts.length > 0 ? settings.caCerts.map(readNamed('--ca-cert')) : systemRoots(settings.environment)
  const cert = settings.clientCert === undefined ? undefined : readNamed('--client-cert')(settings.clientCert)
  const key = settings.clientKey === undefined ? undefined : readNamed('--client-key')(settings.clientKey)
  const passphrase = settings.clientPass === undefined ? '' : revealed(settings.clientPass)
  try {
    return tls.createSecureContext({
      ...(ca && { ca: [...ca] }),
      ...(cert && { cert }),
      ...(key && { key, passphrase }),
    })
  } catch (cause) {
    throw new StorageError('config', `cannot use the certificates given: ${messageOf(cause)}`, {
      cause,
      details: { hint: 'Check the files of --ca-cert, --client-cert and --client-key, and --client-pass.' },
    })
  }
}

function revealed(clientPass: string): string {
  try {
    return reveal(clientPass)
  } catch (error) {
    throw new StorageError('config', `--client-pass: ${messageOf(error)}`, {
      details: { hint: 'Give it as "fjord obscure" prints it.' },
    })
  }
}

/**
 * The roots that Go would trust: those of the system, so that a company's own authority works as it does for rclone and one
 * that the administrator took out is not trusted. SSL_CERT_FILE and SSL_CERT_DIR replace Go's list of files and of directories.
 * The directories hold the same certificates as the file on systems that have both; as reading them takes 20 ms, they
 * are read only where one of the variables is set or there is no file.
 * Windows and macOS keep them elsewhere: there Node's own are trusted, and the system's besides where this Node can read them.
 * @returns undefined where the system has none that can be read: the roots that come with Node
 */
export function systemRoots(environment: Readonly<Record<string, string | undefined>>): readonly string[] | undefined {
  const namedFile = environment['SSL_CERT_FILE']
  const namedDirs = environment['SSL_CERT_DIR']
  if (!namedFile && !namedDirs && (process.platform === 'win32' || process.platform === 'darwin'))
    return keychainRoots()
  const bundle = firstReadable(namedFile ? [namedFile] : systemFiles)
  const needDirs = Boolean(namedFile) || Boolean(namedDirs) || bundle === undefined
  const dirs = needDirs ? (namedDirs ? namedDirs.split(':') : systemDirs) : []
  const roots = new Set([bundle ?? '', ...dirs.flatMap(filesIn)].flatMap((text) => text.match(pem) ?? []))
  return roots.size > 0 ? [...roots] : undefined
}

function keychainRoots(): readonly string[] | undefined {
  const read: unknown = Reflect.get(tls, 'getCACertificates') // since Node 22.15
  const found: unknown = typeof read === 'function' ? Reflect.apply(read, tls, ['system']) : undefined
  if (!Array.isArray(found)) return undefined
  return [...tls.rootCertificates, ...found.filter((root: unknown) => typeof root === 'string')]
}

function firstReadable(files: readonly string[]): string | undefined {
  for (const file of files) {
    const text = tryRead(file)
    if (text !== undefined) return text
  }
  return undefined
}

function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir).flatMap((name) => tryRead(join(dir, name)) ?? [])
  } catch {
    return []
  }
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
}

function readNamed(flag: string): (file: string) => string {
  return (file) => {
    try {
      return readFileSync(file, 'utf8')
    } catch (cause) {
      throw new StorageError('config', `${flag}: cannot read ${file}: ${messageOf(cause)}`, { cause })
    }
  }
}
