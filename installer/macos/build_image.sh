#!/usr/bin/env bash
# Put the application into a disk image: build_image.sh PROCESSOR. It is signed where CASHIER_SIGNING_IDENTITY is set, and
# notarised where NOTARY_APPLE_ID, NOTARY_TEAM_ID and NOTARY_PASSWORD are too. macOS only: needs hdiutil.
set -euo pipefail
cd "$(dirname "$0")/../.."
application="dist/cashier-app.app"
version="$(/usr/libexec/PlistBuddy -c 'Print CFBundleShortVersionString' "$application/Contents/Info.plist")"
image="dist/cashier-app-$version-macos-$1.dmg"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
codesign --verify --deep --strict "$application"
ditto "$application" "$folder/cashier-app.app"
cp LICENSE dist/cashier-app/THIRD-PARTY.txt "$folder/"
ln -s /Applications "$folder/Applications"
rm -f "$image"
hdiutil create -volname "cashier-app $version" -srcfolder "$folder" -format UDZO -fs HFS+ -quiet "$image"
if [ -z "${CASHIER_SIGNING_IDENTITY:-}" ]; then
  echo "NOT SIGNED, NOT NOTARISED: there is no certificate."
  exit 0
fi
codesign --sign "$CASHIER_SIGNING_IDENTITY" --timestamp "$image"
if [ -z "${NOTARY_APPLE_ID:-}" ] || [ -z "${NOTARY_TEAM_ID:-}" ] || [ -z "${NOTARY_PASSWORD:-}" ]; then
  echo "NOT NOTARISED: there is no account."
  exit 0
fi
xcrun notarytool submit "$image" --apple-id "$NOTARY_APPLE_ID" --team-id "$NOTARY_TEAM_ID" \
  --password "$NOTARY_PASSWORD" --wait --timeout 60m
xcrun stapler staple "$image"
