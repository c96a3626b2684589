// The colours that VS Code gives its webviews in three of its themes, as far as the page uses them.

export interface EditorTheme {
  readonly bodyClass: string
  readonly variables: Readonly<Record<string, string>>
}

const dark: EditorTheme = {
  bodyClass: 'vscode-dark',
  variables: {
    foreground: '#cccccc',
    'editor-background': '#1f1f1f',
    'sideBar-background': '#181818',
    descriptionForeground: '#9d9d9d',
    errorForeground: '#f85149',
    focusBorder: '#0078d4',
    'widget-border': '#313131',
    'input-background': '#313131',
    'input-foreground': '#cccccc',
    'input-border': '#3c3c3c',
    'dropdown-background': '#313131',
    'dropdown-foreground': '#cccccc',
    'dropdown-border': '#3c3c3c',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'toolbar-hoverBackground': '#5a5d5e50',
    'list-hoverBackground': '#2a2d2e',
    'editorGroupHeader-tabsBackground': '#181818',
    'tab-activeForeground': '#ffffff',
    'tab-inactiveForeground': '#9d9d9d',
    'tab-activeBorderTop': '#0078d4',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
  },
}

const light: EditorTheme = {
  bodyClass: 'vscode-light',
  variables: {
    ...dark.variables,
    foreground: '#3b3b3b',
    'editor-background': '#ffffff',
    'sideBar-background': '#f8f8f8',
    descriptionForeground: '#3b3b3b',
    focusBorder: '#005fb8',
    'widget-border': '#e5e5e5',
    'input-background': '#ffffff',
    'input-foreground': '#3b3b3b',
    'input-border': '#cecece',
    'dropdown-background': '#ffffff',
    'dropdown-foreground': '#3b3b3b',
    'dropdown-border': '#cecece',
    'button-background': '#005fb8',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'toolbar-hoverBackground': '#b8b8b850',
    'list-hoverBackground': '#f2f2f2',
    'editorGroupHeader-tabsBackground': '#f8f8f8',
    'tab-activeForeground': '#3b3b3b',
    'tab-inactiveForeground': '#868686',
    'tab-activeBorderTop': '#005fb8',
    'charts-blue': '#1a85ff',
    'charts-green': '#388a34',
    'charts-purple': '#652d90',
  },
}

const contrast: EditorTheme = {
  bodyClass: 'vscode-high-contrast',
  variables: {
    foreground: '#ffffff',
    'editor-background': '#000000',
    'sideBar-background': '#000000',
    descriptionForeground: '#ffffffb3',
    errorForeground: '#f48771',
    focusBorder: '#f38518',
    contrastBorder: '#6fc3df',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'input-border': '#6fc3df',
    'dropdown-background': '#000000',
    'dropdown-foreground': '#ffffff',
    'dropdown-border': '#6fc3df',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'tab-activeForeground': '#ffffff',
    'tab-inactiveForeground': '#ffffff',
  },
}

export const themes = { dark, light, contrast }
