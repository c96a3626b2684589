// The adapters that the browser offers for WebGPU and WebGL, and whether the processor stands in for a GPU there.

export interface Adapter {
  /** For people: `swiftshader`, `NVIDIA H200`. */
  readonly called: string
  /** True if the processor does the work under the name of a GPU. */
  readonly isSoftware: boolean
}

interface AdapterInfo {
  readonly vendor?: string
  readonly architecture?: string
  readonly description?: string
  readonly isFallbackAdapter?: boolean
}

/** What of the browser's WebGPU is asked here. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info?: AdapterInfo; readonly isFallbackAdapter?: boolean } | null>
}

const software = /swiftshader|llvmpipe|software|basic render/i

/** Rejects where there is none. */
export async function webgpuAdapter(): Promise<Adapter> {
  const { gpu } = navigator as { gpu?: Gpu }
  if (!gpu) throw new Error('this browser has no WebGPU')
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('WebGPU finds no adapter')
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {}
  return {
    called: description || architecture || vendor || 'an unnamed adapter',
    isSoftware:
      isFallbackAdapter === true ||
      adapter.isFallbackAdapter === true ||
      software.test(`${vendor} ${architecture} ${description}`),
  }
}

/** Of a context, or of one that is made for the question. Throws where there is none. */
export function webglAdapter(given?: WebGLRenderingContext | WebGL2RenderingContext): Adapter {
  const gl = given ?? document.createElement('canvas').getContext('webgl2')
  if (!gl) throw new Error('this browser has no WebGL 2')
  const extension = gl.getExtension('WEBGL_debug_renderer_info')
  const called = String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  // browsers keep few contexts at once
  if (!given) gl.getExtension('WEBGL_lose_context')?.loseContext()
  return { called, isSoftware: software.test(called) }
}
