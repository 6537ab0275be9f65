/**
 * The last part of a remote's path without `.git`: `shop` for `https://user:secret@host/team/shop.git`. Empty
 * when the URL has no path. Never contains user, password, host or query.
 */
export function repositoryNameIn(url: string): string {
  const [, scheme, rest = ''] = /^([a-z][\w+.-]*:\/\/)?(.*)$/is.exec(url.trim()) ?? [];
  const plain = rest.replace(/[?#][\s\S]*$/, '').replaceAll('\\', '/');
  // `host/path` after a scheme, ssh's `user@host:path`, else a local path.
  const path = scheme ? plain.replace(/^[^/]*/, '') : plain.replace(/^(?:[^/@]*@)?[^/:@]*:/, '');
  const name =
    path
      .replace(/(?<!\/)\/+$/, '')
      .split('/')
      .at(-1) ?? '';
  return name.replace(/\.git$/i, '').includes('@') ? '' : name.replace(/\.git$/i, '');
}
