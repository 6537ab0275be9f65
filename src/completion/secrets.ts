/**
 * Names of files that are sent to no model: keys, certificates, passwords, and settings that usually contain
 * some. Compared with the last part of the path in lower case.
 */
const secretNames = [
  /^\.env(?:rc|\..*)?$/,
  /\.env$/,
  /^(?:id|ssh_host)_(?:rsa|dsa|ecdsa|ed25519)/,
  /\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|truststore|kdbx?|crt|cer|der|csr|asc|gpg|pgp|ppk|ovpn|age|agekey)$/,
  /^(?:authorized_keys|known_hosts|shadow|passwd|gshadow)$/,
  /^[._]?(?:netrc|npmrc|yarnrc|pypirc|pgpass|my\.cnf|htpasswd|git-credentials|dockercfg|boto|s3cfg|vault-token|vault_pass)$/,
  /^\.?(?:kubeconfig|credentials?|secrets?|passwords?|tokens?)(?:\.(?:json|ya?ml|toml|ini|cfg|conf|xml|txt|properties|enc|php|env))?$/,
  /(?:^|[._-])secrets?\.(?:json|ya?ml|toml|ini|cfg|conf|xml|properties|tfvars)$/,
  /^(?:client_secret|service[-_]?account|gcp|firebase-adminsdk|local\.settings)[^/]*\.json$/,
  /^auth\.json$/,
  /\.(?:tfvars|tfstate)(?:\.json|\.backup)?$/,
  /^(?:wp-config\.php|master\.key|database\.yml\.enc)$/,
];
/** Folders that contain only such files. */
const secretFolders = /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker|password-store|config\/gcloud)\//;

const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|AGE-SECRET-KEY-1/;

/** Whether a path with forward slashes is one of those. */
export function isSecretPath(path: string): boolean {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return secretFolders.test(lower) || secretNames.some((pattern) => pattern.test(name));
}

/** Whether a text contains a private key, independent of its file. */
export function holdsPrivateKey(text: string): boolean {
  return privateKey.test(text);
}
