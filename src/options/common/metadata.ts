import { option } from '../option.ts'
import { bool, spaceList, textList } from '../types.ts'

const metadata = { group: 'Metadata' }

/** What is kept of a file besides its content and time (rclone's surface 2.3, Metadata). */
export const metadataOptions = {
  metadata: option(bool, false, 'Keep metadata where both sides have it', { ...metadata, short: 'M' }),
  metadataSet: option(textList, [], 'Metadata for everything that is transferred, as key=value', metadata),
  metadataMapper: option(
    spaceList,
    [],
    'A program, with its arguments, that reads JSON about each file and answers the metadata to set',
    metadata,
  ),
}
