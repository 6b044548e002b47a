import { createPrivateKey, createPublicKey, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { BitString, Integer, OctetString, Utf8String } from 'asn1js'
import * as pki from 'pkijs'

/** A certificate with its private key, both PEM. */
export interface Identity {
  readonly certificate: string
  readonly key: string
}

const KEY_KIND = { name: 'ECDSA', namedCurve: 'P-256' } as const
const DAY = 86_400_000
const AUTHORITY_DAYS = 3650
// Clients refuse certificates of servers that are good for longer.
const SERVER_DAYS = 397
const AUTHORITY_NAME = 'fjord emulator CA'
const COMMON_NAME = '2.5.4.3'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const SIGN_CERTIFICATES = 0x06
const SIGN_DIGITALLY = 0x80

/** Makes a certificate authority that can sign certificates of servers and nothing below them. */
export async function makeAuthority(now: number): Promise<Identity> {
  const { publicKey, privateKey } = await makeKeys()
  const extensions = [
    extension(pki.id_BasicConstraints, new pki.BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(), true),
    extension(pki.id_KeyUsage, keyUsage(SIGN_CERTIFICATES), true),
    extension(pki.id_SubjectKeyIdentifier, await keyIdentifier(publicKey)),
  ]
  const text = { subject: AUTHORITY_NAME, extensions, from: now - DAY, until: now + AUTHORITY_DAYS * DAY }
  return { certificate: await sign(text, publicKey, privateKey), key: toPem(privateKey) }
}

/** Makes the certificate of a server, for a host name or an IP address, with a key of its own. */
export async function makeServer(authority: Identity, host: string, now: number): Promise<Identity> {
  const issuer = await importKeys(authority.key)
  const { publicKey, privateKey } = await makeKeys()
  const keyIdentifierOfIssuer = await keyIdentifier(issuer.publicKey)
  const extensions = [
    extension(pki.id_SubjectAltName, new pki.GeneralNames({ names: [generalName(host)] }).toSchema()),
    extension(pki.id_KeyUsage, keyUsage(SIGN_DIGITALLY), true),
    extension(pki.id_ExtKeyUsage, new pki.ExtKeyUsage({ keyPurposes: [SERVER_AUTH] }).toSchema()),
    extension(
      pki.id_AuthorityKeyIdentifier,
      new pki.AuthorityKeyIdentifier({ keyIdentifier: keyIdentifierOfIssuer }).toSchema(),
    ),
  ]
  const text = { subject: host, extensions, from: now - DAY, until: now + (SERVER_DAYS - 1) * DAY }
  return { certificate: await sign(text, publicKey, issuer.privateKey), key: toPem(privateKey) }
}

interface Text {
  readonly subject: string
  readonly extensions: pki.Extension[]
  /** Milliseconds since 1970; a day before now leaves room for clocks that disagree. */
  readonly from: number
  readonly until: number
}

async function sign(text: Text, publicKey: webcrypto.CryptoKey, signer: webcrypto.CryptoKey): Promise<string> {
  const certificate = new pki.Certificate()
  certificate.version = 2
  certificate.serialNumber = serialNumber()
  certificate.issuer.typesAndValues.push(commonName(AUTHORITY_NAME))
  certificate.subject.typesAndValues.push(commonName(text.subject))
  certificate.notBefore.value = new Date(text.from)
  certificate.notAfter.value = new Date(text.until)
  certificate.extensions = text.extensions
  await certificate.subjectPublicKeyInfo.importKey(publicKey)
  await certificate.sign(signer, 'SHA-256')
  const lines = Buffer.from(certificate.toSchema(true).toBER()).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`
}

interface Schema {
  toBER(): ArrayBuffer
}

function extension(extnID: string, value: Schema, critical = false): pki.Extension {
  return new pki.Extension({ extnID, critical, extnValue: value.toBER() })
}

function keyUsage(bits: number): BitString {
  const unusedBits = bits === SIGN_CERTIFICATES ? 1 : 7
  return new BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits })
}

async function keyIdentifier(publicKey: webcrypto.CryptoKey): Promise<OctetString> {
  const info = new pki.PublicKeyInfo()
  await info.importKey(publicKey)
  const bits = info.subjectPublicKey.valueBlock.valueHexView
  return new OctetString({ valueHex: await webcrypto.subtle.digest('SHA-1', bits) })
}

function generalName(host: string): pki.GeneralName {
  if (isIP(host) === 0) return new pki.GeneralName({ type: 2, value: host })
  return new pki.GeneralName({ type: 7, value: new OctetString({ valueHex: addressBytes(host) }) })
}

function commonName(name: string): pki.AttributeTypeAndValue {
  return new pki.AttributeTypeAndValue({ type: COMMON_NAME, value: new Utf8String({ value: name }) })
}

function serialNumber(): Integer {
  const bytes = Uint8Array.from(randomBytes(16))
  // Neither negative nor with a zero in front.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return new Integer({ valueHex: bytes.buffer })
}

function addressBytes(address: string): ArrayBuffer {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.').map(Number)).buffer
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const left = groups(head)
  const right = groups(tail ?? '')
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff])).buffer
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_KIND, true, ['sign', 'verify'])
}

async function importKeys(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(pem)
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, KEY_KIND, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, KEY_KIND, true, ['verify']),
  }
}

function toPem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}
