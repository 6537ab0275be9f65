/**
 * The last part of a remote's path, without `.git`: of `https://user:secret@host/team/shop.git` it is `shop`. Empty
 * when the URL has no path. User, password, host and query never get into it.
 */
export function repositoryNameIn(url: string): string {
  const [, scheme, rest = ''] = /^([a-z][\w+.-]*:\/\/)?(.*)$/is.exec(url.trim()) ?? [];
  const plain = rest.replace(/[?#][\s\S]*$/, '').replaceAll('\\', '/');
  // `host/path` after a scheme, `user@host:path` as ssh has it, else a path of this machine.
  const path = scheme ? plain.replace(/^[^/]*/, '') : plain.replace(/^(?:[^/@]*@)?[^/:@]*:/, '');
  const name =
    path
      .replace(/(?<!\/)\/+$/, '')
      .split('/')
      .at(-1) ?? '';
  return name.replace(/\.git$/i, '').includes('@') ? '' : name.replace(/\.git$/i, '');
}
