import { always, array, boolean, type Field, object, opaque, text } from './field.ts'

/** EMV 3DS table A.7. What an extension says is the payment system's own; none is acted on yet, so none is kept. */
export const messageExtension: Field = {
  name: 'messageExtension',
  is: array(
    object([
      { name: 'name', is: text(64), required: always },
      { name: 'id', is: text(64), required: always },
      { name: 'criticalityIndicator', is: boolean, required: always },
      { name: 'data', is: opaque(8059), required: always },
    ]),
    1,
    10,
  ),
}
