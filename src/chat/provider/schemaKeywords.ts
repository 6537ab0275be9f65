/** Keywords that do not restrict the allowed values. */
const annotations: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'markdownDescription',
  'default',
  'examples',
  'deprecated',
  'deprecationMessage',
  'readOnly',
  'writeOnly',
  'format',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'enumItemLabels',
  'errorMessage',
  'defaultSnippets',
  'doNotSuggest',
  'suggestSortText',
  'contentMediaType',
  'contentEncoding',
  'example',
  'enumNames',
  'discriminator',
  '$anchor',
  'strict',
]);

/** Whether a keyword does not restrict the allowed values. By convention, those of vendors begin with `x-`. */
export function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || keyword.startsWith('x-');
}
