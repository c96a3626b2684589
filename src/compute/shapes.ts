// Shapes of plain numbers: how many elements they have, and how they broadcast.

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** NumPy's rule; shapes that do not fit are a fault of the caller, and throw. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1
    const y = b[axis - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1)
      throw new Error(`[${a.join(', ')}] does not broadcast with [${b.join(', ')}]`)
    return Math.max(x, y)
  })
}
