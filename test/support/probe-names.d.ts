/** The closed list of what tests may need, so that a misspelt need is a type error. */
export type ProbeName =
  | 'linux'
  | 'windows'
  | 'x64'
  | 'arm64'
  | 'arm64-emulator'
  | 'root'
  | 'not-root'
  | 'exec-gate'
  | 'process-news'
  | 'mounts'
  | 'fuse'
  | 'c-compiler'
  | 'python'
  | 'display'
  | 'electron'
  | 'corpus';
