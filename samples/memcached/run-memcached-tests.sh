#!/usr/bin/env bash
# Runs memcached's own tests (t/*.t, Perl) against this server, in a copy of a checkout, and prints a table of the results.
#
#   samples/memcached/run-memcached-tests.sh CHECKOUT [TEST.t ...]
#
# CHECKOUT is a clone of memcached at 1.6.18. MEMCACHED_COMMAND replaces the command that is tested; with the original's
# memcached-debug that is the original. Exit status: 0 if nothing failed, 1 otherwise, 2 usage.
set -uo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
# The C1 compiler only: a test's server lives for seconds.
export NETCHANNEL_JVM_OPTS=${NETCHANNEL_JVM_OPTS:--XX:TieredStopAtLevel=1}
COMMAND=${MEMCACHED_COMMAND:-$ROOT/netchannel memcached --kernel}
TEST_SECONDS=${TEST_SECONDS:-600}

usage() {
    echo "usage: $0 CHECKOUT-OF-MEMCACHED [TEST.t ...]" >&2
    exit 2
}

[ $# -ge 1 ] && [ -d "$1/t/lib" ] || usage
command -v prove >/dev/null || { echo "$0: prove not found; install perl" >&2; exit 2; }
CHECKOUT=$(cd "$1" && pwd)
shift

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cp -r "$CHECKOUT/." "$WORK"

# The tests ask the help text whether there are UNIX sockets, and take them then; without, they go over TCP. Only the test of
# UNIX sockets is to find them. It is kept: some tests ask for each connection that they open.
$COMMAND -h >"$WORK/help-with-unix-sockets" || exit 1
grep -v unix-socket "$WORK/help-with-unix-sockets" >"$WORK/help"
cat >"$WORK/memcached-debug" <<EOF
#!/bin/sh
case "\$1 \$MEMCACHED_TEST" in
    "-h t/unixsocket.t") exec cat "$WORK/help-with-unix-sockets" ;;
    "-h "*) exec cat "$WORK/help" ;;
esac
exec $COMMAND "\$@"
EOF

# Signals must reach the server: it takes this one's place.
cat >"$WORK/timedrun" <<'EOF'
#!/bin/sh
shift
exec "$@"
EOF
printf '#!/bin/sh\nexit 0\n' | tee "$WORK/testapp" >"$WORK/sizes"
chmod +x "$WORK/memcached-debug" "$WORK/timedrun" "$WORK/testapp" "$WORK/sizes"

cd "$WORK" || exit 1
if [ $# -eq 0 ]; then
    set -- t/*.t
fi

passed=0 failed=0 skipped=0
printf '%-28s %-15s %s\n' test result detail
for test in "$@"; do
    test=t/$(basename "$test")
    export MEMCACHED_TEST=$test
    if [ "$test" = t/restart.t ] && ! grep -q memory-file help; then
        skipped=$((skipped + 1))
        printf '%-28s %-15s %s\n' restart.t 'not applicable' 'no memory file (-e), as the help text says'
        continue
    fi
    output=$(timeout "$TEST_SECONDS" prove "$test" 2>&1 </dev/null)
    status=$?
    if [ $status -eq 0 ] && grep -q 'skipped: ' <<<"$output"; then
        result='not applicable' skipped=$((skipped + 1))
        detail=$(sed -n 's/.*skipped: //p' <<<"$output" | head -n 1)
    elif [ $status -eq 0 ]; then
        result=passed passed=$((passed + 1))
        detail=$(sed -n 's/^Files=1, Tests=\([0-9]*\).*/\1 checks/p' <<<"$output")
    else
        result=failed failed=$((failed + 1))
        detail=$(grep -E 'Failed test|Bad plan|Result|Dubious|Non-zero|died|Died|croak|Failed' <<<"$output" |
            head -n 2 | tr '\n' ' ' | cut -c1-150)
        [ $status -eq 124 ] && detail="longer than $TEST_SECONDS s"
        [ -z "${KEEP_OUTPUT:-}" ] || printf '%s\n' "$output" >"$KEEP_OUTPUT/$(basename "$test").out"
    fi
    printf '%-28s %-15s %s\n' "$(basename "$test")" "$result" "$detail"
done
echo
echo "$passed passed, $failed failed, $skipped not applicable"
[ $failed -eq 0 ]
