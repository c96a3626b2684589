// Where tensors lie: on the processor, as long as the code names no other device.

import { type DeviceValue, device, type Value } from '../trace/values'

const cpu = device('cpu')
const anywhere = device(null)

/** The type of a device from its name (`cuda:1`), null where that is not known. */
export const deviceNamed = (value: Value): DeviceValue =>
  value.kind === 'device'
    ? value
    : device(value.kind === 'str' ? (value.value?.replace(/:.*/, '') ?? null) : null)

/** The devices that a run has put tensors on. Which tensor lies where is not followed. */
export class Devices {
  #hasOthers = false

  /** Told of each value that is given as a device. */
  note(value: Value): void {
    if (value.kind !== 'none' && deviceNamed(value).type !== 'cpu') this.#hasOthers = true
  }

  /** Takes over what another run has done. */
  include(other: Devices): void {
    this.#hasOthers ||= other.#hasOthers
  }

  /** The device of a tensor; of a parameter whose callers are not known it may be any. */
  ofTensor(isConcrete: boolean): DeviceValue {
    return isConcrete && !this.#hasOthers ? cpu : anywhere
  }
}
