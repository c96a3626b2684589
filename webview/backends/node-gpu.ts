// TensorFlow in a process beside the extension, which is asked by messages.

import { RemoteTensors } from '../../src/compute'
import type { Backend } from './backend'
import type { ComputeLink } from './link'

export function start(link: ComputeLink | null): Promise<Backend> {
  if (!link) return Promise.reject(new Error('there is no extension to ask'))
  return new Promise((settle, reject) => {
    let tensors: RemoteTensors | null = null
    let lose: (why: string) => void = () => {}
    const lost = new Promise<string>((tell) => {
      lose = tell
    })
    link.listen((reply) => {
      switch (reply.kind) {
        case 'ready':
          tensors = new RemoteTensors(reply.title, link.send)
          settle({ name: 'node-gpu', title: reply.title, isSoftware: reply.isSoftware, tensors, lost })
          return
        case 'absent':
          reject(new Error(reply.why))
          return
        case 'lost':
          reject(new Error(reply.why))
          lose(reply.why)
      }
      tensors?.receive(reply)
    })
    link.send({ kind: 'start' })
  })
}
