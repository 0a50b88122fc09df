/**
 * The fields a rule may name, with Sysmon's and Sigma's names where they have one. The `Holdfast` ones have no counterpart
 * there and are documented here, because rule authors need to know exactly what they mean.
 */

export const PROCESS_CREATION_FIELDS = {
  Image: 'Path of the program. For a carrier (loader, busybox, script header) also tried with the program it carries.',
  CommandLine: 'Arguments joined with single spaces, the program name first.',
  CurrentDirectory: 'Working folder of the process.',
  User: 'Account name, or the numeric id when it has no name.',
  ParentImage: 'Nearest ancestor that is not a carrier such as env, nohup, timeout or sudo.',
  ParentCommandLine: 'Its arguments joined with single spaces.',
  OriginalFileName: 'File name of the system tool whose content the program has; absent when it is no copy of one.',
  AncestorImages: 'Paths of all known ancestors, nearest first (Holdfast).',
  ScriptPath: 'The script file, when an interpreter was started by its header or with it as first argument (Holdfast).',
  SystemToolPath: 'Path of the system tool whose content the program has (Holdfast).',
  ImageVolume: 'fixed, removable, network, fuse, memory or image (Holdfast).',
  ImageAgeHours: 'Hours since the program file last changed; can not be set back without rights (Holdfast).',
  ImageOwnerUid: 'Numeric id of the file owner (Holdfast).',
  SharesRoot: 'false inside a container or chroot (Holdfast).',
  Detectors: 'Names of the behaviour detectors that matched this start, e.g. pipe-fed-interpreter (Holdfast).',
} as const;
export type ProcessCreationField = keyof typeof PROCESS_CREATION_FIELDS;

export const FILE_ACCESS_FIELDS = {
  TargetFilename: 'The file being opened.',
  Image: 'Path of the program that opens it.',
  CommandLine: 'Its arguments joined with single spaces.',
  User: 'Account name, or the numeric id when it has no name.',
  ParentImage: 'Nearest ancestor that is not a carrier.',
  AncestorImages: 'Paths of all known ancestors, nearest first (Holdfast).',
  SharesRoot: 'false inside a container or chroot (Holdfast).',
} as const;
export type FileAccessField = keyof typeof FILE_ACCESS_FIELDS;
