// Files that the bundler turns into strings when they are imported.

declare module '*.py' {
  const text: string
  export default text
}

declare module '*.md' {
  const text: string
  export default text
}

declare module '*.css' {}
