import { Worker } from 'node:worker_threads'

/** An MD5 that grows with the bytes given. */
export interface Md5 {
  /** Takes bytes in; a promise means that they came faster than they are worked off, and to wait for it. */
  update(chunk: Uint8Array): Promise<void> | undefined
  /** Lower-case hex; the last call. */
  digest(): Promise<string>
  /** Lets go of it unfinished. */
  drop(): void
}

const BLOCK_LENGTH = 2 << 20
// With more blocks on their way whoever gives bytes is told to wait.
const MOST_BLOCKS = 4

// Its source is a string because a file beside this one would not be found from within a bundle.
const SOURCE = `
const { parentPort } = require('node:worker_threads')
const { createHash } = require('node:crypto')
const hashes = new Map()
parentPort.on('message', ({ id, block, length, end }) => {
  const hash = hashes.get(id) ?? createHash('md5')
  hashes.set(id, hash)
  if (block !== undefined) hash.update(block.subarray(0, length))
  if (end !== undefined) hashes.delete(id)
  const digest = end === 'digest' ? hash.digest('hex') : ''
  parentPort.postMessage({ block, digest }, block === undefined ? [] : [block.buffer])
})`

type Block = Uint8Array<ArrayBuffer>

interface Question {
  readonly id: number
  readonly block: Block | undefined
  /** How much of the block counts. */
  readonly length: number
  readonly end?: 'digest' | 'drop'
}

interface Answer {
  /** The block, which may be filled again. */
  readonly block: Block | undefined
  readonly digest: string
}

interface Thread {
  readonly worker: Worker
  /** Questions are answered in the order in which they are asked. */
  readonly asked: { resolve(answer: Answer): void; reject(error: Error): void }[]
}

let running: Thread | undefined
let ids = 0

/** Begins an MD5 that is worked out on a thread of its own, one for all, to which bytes go in blocks. */
export function createRemoteMd5(): Md5 {
  const thread = (running ??= startThread())
  const id = ids++
  const spare: Block[] = []
  const flights: Promise<void>[] = []
  let block: Block | undefined
  let filled = 0
  const fly = async (): Promise<void> => {
    const question = { id, block, length: filled }
    block = undefined
    filled = 0
    const answer = await ask(thread, question)
    if (answer.block !== undefined) spare.push(answer.block)
  }
  return {
    update(chunk) {
      for (let at = 0; at < chunk.byteLength;) {
        block ??= spare.pop() ?? new Uint8Array(BLOCK_LENGTH)
        const piece = chunk.subarray(at, at + BLOCK_LENGTH - filled)
        block.set(piece, filled)
        filled += piece.byteLength
        at += piece.byteLength
        if (filled === BLOCK_LENGTH) flights.push(observed(fly()))
      }
      return flights.length > MOST_BLOCKS ? flights.shift() : undefined
    },
    async digest() {
      flights.push(observed(fly()))
      await Promise.all(flights)
      return (await ask(thread, { id, block: undefined, length: 0, end: 'digest' })).digest
    },
    drop: () => void observed(ask(thread, { id, block: undefined, length: 0, end: 'drop' })),
  }
}

// Whoever waits for it later hears of a failure; until then it must not count as unheard.
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

function ask({ worker, asked }: Thread, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asked.push({ resolve, reject })
    worker.postMessage(question, question.block === undefined ? [] : [question.block.buffer])
  })
}

function startThread(): Thread {
  const thread: Thread = { worker: new Worker(SOURCE, { eval: true }), asked: [] }
  thread.worker.on('message', (answer: Answer) => thread.asked.shift()?.resolve(answer))
  thread.worker.on('error', (error: Error) => {
    if (running === thread) running = undefined
    for (const asker of thread.asked.splice(0)) asker.reject(error)
  })
  thread.worker.unref()
  return thread
}
