// Evaluates the small part of Python that dims are printed in.

/** The value of `2*a + min(b, 3)//c` for given values of the names. */
export function evaluateText(text: string, values: ReadonlyMap<string, number>): number {
  const tokens = text.match(/\/\/|\d+|\w+|[-+*(),]/g) ?? []
  let at = 0
  const take = (): string => tokens[at++] ?? ''
  const isNext = (...wanted: string[]): boolean => wanted.includes(tokens[at] ?? '')
  const expect = (token: string): void => {
    if (take() !== token) throw new Error(`${token} is missing in ${text}`)
  }

  function sum(): number {
    let value = product()
    while (isNext('+', '-')) value = take() === '+' ? value + product() : value - product()
    return value
  }
  function product(): number {
    let value = factor()
    while (isNext('*', '//')) value = take() === '*' ? value * factor() : Math.floor(value / factor())
    return value
  }
  function factor(): number {
    const token = take()
    if (token === '-') return -factor()
    if (token === '(') {
      const value = sum()
      expect(')')
      return value
    }
    if (token === 'min' || token === 'max') {
      expect('(')
      const left = sum()
      expect(',')
      const right = sum()
      expect(')')
      return token === 'min' ? Math.min(left, right) : Math.max(left, right)
    }
    return /^\d/.test(token) ? Number(token) : (values.get(token) ?? Number.NaN)
  }
  const value = sum()
  if (at < tokens.length) throw new Error(`${tokens[at]} is left over in ${text}`)
  return value
}
