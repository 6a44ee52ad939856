import { always, array, boolean, type Field, object, opaque, text } from './field.ts'

const extension = object([
  { name: 'name', is: text(64), required: always },
  { name: 'id', is: text(64), required: always },
  { name: 'criticalityIndicator', is: boolean, required: always },
  { name: 'data', is: opaque(8059), required: always },
])

/**
 * EMV 3DS table A.7. Payment systems define the contents of extensions. We do not evaluate any yet, so none is kept.
 */
export const messageExtension: readonly Field[] = [
  { name: 'messageExtension', until: '2.2.0', is: array(extension, 1, 10) },
  { name: 'messageExtension', since: '2.3.1', is: array(extension, 1, 15, 81_920) },
]
