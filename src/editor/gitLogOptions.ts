/** Sets the output format of `git log`, whatever the user's settings. Records are separated by NUL. */
export const logOptions: readonly string[] = [
  '-z',
  '--no-color',
  '--no-decorate',
  '--no-show-signature',
  '--no-notes',
  '--no-ext-diff',
  '--no-textconv',
  '--no-follow',
  '--encoding=UTF-8',
];
