import { formatSize } from '../options/size-format.ts'

/** A size right-aligned in a column, as bytes or in rclone's short form; -1 where it is not known. */
export function sizeColumn(size: number | undefined, width: number, human: boolean): string {
  const bytes = size ?? -1
  return (human && bytes >= 0 ? formatSize(bytes) : String(bytes)).padStart(width)
}
