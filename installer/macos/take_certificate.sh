#!/usr/bin/env bash
# Put the publisher's certificate into a keychain of its own and let the build sign with it. Without one, nothing is
# signed for anybody. Takes CERTIFICATE (base64 of a .p12), PASSWORD and IDENTITY; says none of them.
set -euo pipefail
if [ -z "${CERTIFICATE:-}" ] || [ -z "${IDENTITY:-}" ]; then
  echo "NOT SIGNED: there is no certificate."
  exit 0
fi
keychain="$RUNNER_TEMP/signing.keychain-db"
file="$RUNNER_TEMP/certificate.p12"
trap 'rm -f "$file"' EXIT
key="$(openssl rand -hex 24)"
printf %s "$CERTIFICATE" | base64 --decode > "$file"
security create-keychain -p "$key" "$keychain"
security set-keychain-settings -lut 5400 "$keychain"
security unlock-keychain -p "$key" "$keychain"
security import "$file" -k "$keychain" -P "${PASSWORD:-}" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$key" "$keychain" > /dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
echo "CASHIER_SIGNING_IDENTITY=$IDENTITY" >> "$GITHUB_ENV"
