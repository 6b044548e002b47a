const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const
const decimal = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const

/** A size as short text, e.g. `1.500Ki`; `off` below 0. The text reads back as the same size where it is whole. */
export function formatSize(bytes: number): string {
  return scaled(bytes, 1024, binary).join('')
}

/** A size with its unit, e.g. `1.500 KiB`, `12 B`; `off` below 0. */
export function formatSizeUnit(bytes: number): string {
  return withUnit(bytes, 'B')
}

/** Bytes a second, e.g. `508.884 KiB/s`. */
export function formatByteRate(bytes: number): string {
  return withUnit(bytes, 'B/s')
}

/** Bits a second of a rate in bytes, e.g. `4.715 Mibit/s`. */
export function formatBitRate(bytes: number): string {
  return withUnit(bytes * 8, 'bit/s')
}

/** A count as short text, in powers of 1000, e.g. `1.500k`. */
export function formatCount(count: number): string {
  return scaled(count, 1000, decimal).join('')
}

function withUnit(amount: number, unit: string): string {
  const [digits, prefix] = scaled(amount, 1024, binary)
  return digits === 'off' ? digits : `${digits} ${prefix}${unit}`
}

function scaled(amount: number, base: number, prefixes: readonly string[]): readonly [digits: string, prefix: string] {
  if (amount < 0) return ['off', '']
  let power = 0
  while (power < prefixes.length - 1 && amount >= base ** (power + 1)) power++
  return [thousandths(BigInt(Math.trunc(amount)), BigInt(base) ** BigInt(power)), prefixes[power] ?? '']
}

/** Whole quotients without decimals, others with three: ties go to the even digit as in Go, which toFixed does not do. */
function thousandths(amount: bigint, unit: bigint): string {
  if (amount % unit === 0n) return String(amount / unit)
  const doubled = amount * 2000n
  const floor = (amount * 1000n) / unit
  const rest = doubled - floor * 2n * unit
  const up = rest > unit || (rest === unit && floor % 2n === 1n)
  const digits = String(up ? floor + 1n : floor).padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}
