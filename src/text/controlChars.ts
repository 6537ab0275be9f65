/** Control characters except tab, line feed, form feed and carriage return. They could control a terminal. */
const controls = /(?![\t\n\f\r])\p{Cc}/gu;

/** Unicode's symbols for the control characters 0x00 to 0x1f; the one for 0x7f follows them. */
const pictures = 0x2400;
const pictureOfDelete = '\u2421';

/**
 * Makes control characters visible instead of effective, because an answer may be copied into a terminal or
 * printed by one. Works per character, so it does not matter how a text is divided.
 */
export function escapeControlChars(text: string): string {
  return text.replaceAll(controls, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(pictures + code) : code === 0x7f ? pictureOfDelete : '\ufffd';
  });
}
