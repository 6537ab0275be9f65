/** The elements of C#'s documentation comments, without `include`, which reads another file. */
const elements = new Set(
  (
    'c code description event example exception item list listheader para param paramref permission ' +
    'remarks returns see seealso summary term typeparam typeparamref value inheritdoc b i em strong br'
  ).split(' '),
);
const tag = /<(\/?)(\w+)((?:\s+\w+="[^"<&]*")*)\s*(\/?)>/g;
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,6});)/g;
/** Elements that are not put into a summary. */
const ownElement =
  /<(?:summary|param|typeparam|returns|remarks|exception|value|example|seealso|inheritdoc)\b/;

/** The text as XML that the compiler accepts without a warning. Text that is not well-formed is escaped. */
export function documentationXml(text: string): string {
  const careful = text
    .replaceAll(bareAmpersand, '&amp;')
    .replaceAll(/<\/?(\w*)/g, (found, name: string) =>
      elements.has(name) ? found : found.replace('<', '&lt;'),
    )
    .replaceAll(']]>', ']]&gt;');
  const xml = isWellFormed(careful) ? careful : escapeXml(text);
  const own = xml.search(ownElement);
  const [lead, rest] = own < 0 ? [xml, ''] : [xml.slice(0, own), xml.slice(own)];
  const summary = lead.trim() === '' ? '' : `<summary>\n${lead.trim()}\n</summary>\n`;
  return `${summary}${onOwnLines(rest)}`.trim();
}

function isWellFormed(text: string): boolean {
  const open: string[] = [];
  for (const [, slash, name = '', , empty] of text.matchAll(tag)) {
    if (slash && open.pop() !== name) return false;
    if (!slash && !empty) open.push(name);
  }
  return open.length === 0 && !text.replaceAll(tag, '').includes('<');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Puts `<summary>` on separate lines, as Visual Studio does. */
function onOwnLines(xml: string): string {
  return xml
    .replaceAll(/<summary>\s*/g, '<summary>\n')
    .replaceAll(/\s*<\/summary>\s*/g, '\n</summary>\n')
    .replaceAll(/(<\/(?:param|typeparam|returns|remarks|exception|value|example)>)\s*(?=<)/g, '$1\n');
}
