import type { Dialect } from '../../src/emulator/index.ts'
import { defaultDialect, dialects } from '../../src/emulator/index.ts'
import { createRandom } from '../differential/random.ts'

/** A dialect and what is to be said of it. */
export type NamedDialect = readonly [name: string, dialect: Partial<Dialect>]

/** A multiple of the usual number of runs; above 1 every answer is tried. */
export const fuzz = Number(process.env['FJORD_FUZZ'] ?? 1)

/** Every answer but the default ones, each alone. */
export const singleAnswers: readonly NamedDialect[] = Object.entries(dialects).flatMap(([name, answers]) =>
  answers
    .filter((answer: unknown) => answer !== Reflect.get(defaultDialect, name))
    .map((answer) => [`${name}: ${answer}`, { [name]: answer }] as const),
)

/** Answers to all questions by chance: the same ones in the gate, others in every longer run. */
export function randomDialects(count: number): readonly NamedDialect[] {
  const first = fuzz > 1 ? Date.now() % 1e9 : 20_26_11
  return Array.from({ length: count * fuzz }, (_, at) => [`by chance, seed ${first + at}`, randomDialect(first + at)])
}

export function randomDialect(seed: number): Partial<Dialect> {
  const random = createRandom(seed)
  const answers = Object.entries(dialects).map(([name, possible]) => [name, random.pick<string | number>(possible)])
  return Object.fromEntries(answers)
}
