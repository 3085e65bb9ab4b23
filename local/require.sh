#!/bin/sh
# What must be on the machine before anything else; says what to install where it is missing.
set -u

fail() {
	echo "setup: $1" >&2
	exit 1
}

[ -n "${1:-}" ] || fail "python3.13 is missing: install Python 3.13 (for example with pyenv: pyenv install 3.13), the version of the Lambda runtime"
"$1" -c 'import venv, ensurepip' 2>/dev/null || fail "$1 has no venv module: install python3.13-venv"

missing=""
for tool in git make nice; do
	command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
command -v gcc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
if [ -n "$missing" ]; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		# shellcheck disable=SC2086  a list of packages
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing || fail "apt-get could not install:$missing"
	else
		fail "these are missing, install them:$missing"
	fi
fi

command -v go >/dev/null 2>&1 || fail "go is missing: install Go 1.26 or newer (https://go.dev/dl)"
version=$(go env GOVERSION | sed 's/^go//')
case "$version" in
1.2[6-9]* | 1.[3-9][0-9]* | [2-9].*) ;;
*) fail "go is $version: install Go 1.26 or newer (https://go.dev/dl)" ;;
esac
