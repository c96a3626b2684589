// Makes a registered backend of TensorFlow.js the active one, afresh where it ran before.

import * as tf from '@tensorflow/tfjs-core'

/** Throws where the backend does not start. */
export async function activate(name: string): Promise<void> {
  const factory = tf.findBackendFactory(name)
  if (!factory) throw new Error(`${name} is not part of this build`)
  if (tf.engine().registry[name]) {
    // a lost device does not come back: the next one is new
    tf.removeBackend(name)
    tf.registerBackend(name, factory)
  }
  if (!(await tf.setBackend(name))) throw new Error('it did not start')
  await tf.ready()
}

/** Nothing ever happens to it. */
export const never = new Promise<string>(() => {})
