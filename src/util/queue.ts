/** Items in the order that they came, or in one of their own. Either end costs little, however many there are. */
export interface Queue<T> {
  length(): number
  push(item: T): void
  /** Takes the first item out; undefined where there is none. */
  first(): T | undefined
  last(): T | undefined
  clear(): void
}

const blockSize = 512

/** An empty queue. @param compare the order; what is equal stays as it came */
export function createQueue<T>(compare?: (a: T, b: T) => number): Queue<T> {
  /** One behind the other; none is empty. */
  const blocks: T[][] = []
  let length = 0

  const blockFor = (item: T): number => {
    if (!compare) return blocks.length - 1
    // Its first item does not come after the new one, that of the next block does
    return Math.max(0, firstWhere(blocks, ([head]) => head !== undefined && compare(head, item) > 0) - 1)
  }
  const take = (at: 0 | -1): T | undefined => {
    const block = blocks.at(at)
    const item = at === 0 ? block?.shift() : block?.pop()
    if (item === undefined) return undefined
    length--
    if (block?.length === 0) blocks.splice(at, 1)
    return item
  }

  return {
    length: () => length,
    push(item) {
      length++
      const index = blockFor(item)
      const block = blocks[index]
      if (!block) return void blocks.push([item])
      const at = compare ? firstWhere(block, (there) => compare(there, item) > 0) : block.length
      block.splice(at, 0, item)
      // At the end a new block begins, so that what comes in order leaves full ones
      if (block.length > blockSize) blocks.splice(index + 1, 0, block.splice(at === blockSize ? at : blockSize / 2))
    },
    first: () => take(0),
    last: () => take(-1),
    clear() {
      blocks.length = 0
      length = 0
    },
  }
}

/** The index of the first item for which it holds, where it holds for all that follow. */
function firstWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let from = 0
  let to = items.length
  while (from < to) {
    const middle = (from + to) >> 1
    const item = items[middle]
    if (item !== undefined && holds(item)) to = middle
    else from = middle + 1
  }
  return from
}
