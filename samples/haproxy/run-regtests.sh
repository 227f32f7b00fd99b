#!/usr/bin/env bash
# Runs haproxy's own regression tests (reg-tests/**/*.vtc) by VTest against this proxy, and prints a table of the results.
#
#   samples/haproxy/run-regtests.sh [-l] [-a] [-t] CHECKOUT [VTEST [TEST ...]]
#   samples/haproxy/run-regtests.sh -v [-t] CHECKOUT VTEST TEST.vtc
#
# CHECKOUT is a clone of haproxy at v2.6.0, VTEST the program (vtest in the PATH). TEST is a file or folder below reg-tests.
# -v shows what VTest says. -l only lists which tests apply, and why others don't. -a runs those as well. -t gives each proxy
# a node on a TAP of its own instead of the kernel's sockets, as root, in a network namespace that ends with the run.
# HAPROXY_COMMAND replaces the command that is tested (without where it listens: --kernel or a TAP): /usr/sbin/haproxy is the
# original. Exit status: 0 if nothing failed, 1 otherwise, 2 usage.
set -uo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
# The C1 compiler only: a test's proxy lives for seconds.
export NETCHANNEL_JVM_OPTS=${NETCHANNEL_JVM_OPTS:--XX:TieredStopAtLevel=1}
TEST_SECONDS=${TEST_SECONDS:-30}

usage() {
    echo "usage: $0 [-l] [-a] [-t] [-v] CHECKOUT-OF-HAPROXY [VTEST [TEST ...]]" >&2
    exit 2
}

words=("$@")
list=false all=false tap=false verbose=false
while getopts latv option; do
    case $option in
        l) list=true ;;
        a) all=true ;;
        t) tap=true ;;
        v) verbose=true ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] && [ -d "$1/reg-tests" ] || usage
TESTS=$(cd "$1/reg-tests" && pwd)
VTEST=$(command -v "${2:-vtest}") || { $list || { echo "$0: ${2:-vtest} not found; build github.com/vtest/VTest" >&2; exit 2; }; }
shift $(($# > 1 ? 2 : 1))

if $tap && ! $list && [ -z "${REGTESTS_IN_NAMESPACE:-}" ]; then
    REGTESTS_IN_NAMESPACE=yes exec unshare --net -- "$0" "${words[@]}"
fi

# What a test needs that this proxy hasn't; nothing where it applies. The words of the test decide, since few say it by name.
reason_not_applicable() {
    local needs=() file=$1
    says() { grep -qE "$1" "$file"; }
    says '^#REGTEST_TYPE=(broken|experimental)' && needs+=("marked broken")
    says '^#REQUIRE_VERSION_BELOW=(1|2\.[0-6])' && needs+=("older haproxy")
    says 'lua-load|^#REQUIRE_OPTIONS?=.*LUA|feature\(LUA\)' && needs+=(LUA)
    # Digests and comparisons are built here without OpenSSL: only tests that encrypt are left out.
    says '^#REQUIRE_OPTIONS?=.*OPENSSL|feature\(OPENSSL' && says '\bssl\b|\bcrt\b|jwt_verify' && needs+=(OPENSSL)
    says '\bssl\b.*\bcrt\b' && [[ " ${needs[*]-} " != *OPENSSL* ]] && needs+=(OPENSSL)
    says 'rxpri|txpri|^[^#]*proto h2|alpn h2' && needs+=(H2)
    says '^[[:space:]]*cache [a-z]|cache-(use|store)' && needs+=(cache)
    says '^[[:space:]]*peers [a-z]' && needs+=(peers)
    says 'filter spoe|spoe-' && needs+=(SPOE)
    says '(add|del) server ' && needs+=("dynamic servers")
    says 'prometheus-exporter' && needs+=(prometheus-exporter)
    says '^[[:space:]]*mailers [a-z]' && needs+=(mailers)
    local IFS=+
    echo "${needs[*]-}"
}

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# The servers of a test are at HOST, which every node reaches by its own TAP; proxy N of a test is NET.N.2.
NET=10.7
HOST=$NET.0.1
if $tap && ! $list; then
    ip link set lo up
    ip address add $HOST/32 dev lo
    # One proxy's server is another proxy.
    echo 1 >/proc/sys/net/ipv4/ip_forward
fi

# A test with addresses in place of VTest's descriptors. Written are the test, the macros that VTest would have made of the
# descriptors, and the number of each proxy. VTest's clients find its descriptors listening before there is a proxy; here the
# first one has to wait until the proxies answer an operator.
on_tap() {
    awk -v net=$NET -v host=$HOST -v macros="$WORK/macros" -v proxies="$WORK/proxies" '
        function address(name) { return net "." number[name] ".2" }
        BEGIN { printf "" >macros; printf "" >proxies }
        # Lines of configurations can begin as far to the left.
        /^(haproxy|server|client|syslog|barrier|shell|process) / { command = $1; name = $2 }
        command == "haproxy" && !(name in number) { number[name] = ++count; print name, count >proxies }
        /^server s[A-Za-z0-9_]*( |$)/ && !($2 in listens) { listens[$2]; sub(/^server [^ ]+/, "& -listen " host ":0") }
        command == "haproxy" {
            while (match($0, /fd@\$\{[A-Za-z0-9_]+\}/)) {
                bind = substr($0, RSTART + 5, RLENGTH - 6)
                if (!((name, bind) in ports)) {
                    ports[name, bind] = 8000 + ++bound
                    macro = name "_" bind
                    print "-D" macro "_addr=" address(name) >macros
                    print "-D" macro "_port=" ports[name, bind] >macros
                    print "-D" macro "_sock=" address(name) ":" ports[name, bind] >macros
                }
                $0 = substr($0, 1, RSTART - 1) address(name) ":" ports[name, bind] substr($0, RSTART + RLENGTH)
            }
            # A server, by its address as by its port.
            if (match($0, /\$\{s[A-Za-z0-9]*_port\}/)) gsub(/127\.0\.0\.1/, host)
        }
        command == "client" && started != "" { print started; started = "" }
        { print }
        command == "haproxy" && /^(\}|haproxy).* -start/ {
            started = started "haproxy " name " -cli {\n    send \"show info\"\n    expect ~ \"Uptime\"\n}\n"
        }' "$1"
}

if $tap; then
    cat >"$WORK/haproxy" <<END
#!/usr/bin/env bash
# VTest starts it in a directory of the proxy's name.
n=\$(awk -v name="\${PWD##*/}" '\$1 == name { print \$2 }' "$WORK/proxies")
exec env --default-signal=INT ${HAPROXY_COMMAND:-$ROOT/netchannel haproxy} "\$@" --tap nc\$n \\
    --address $NET.\$n.2/24 --gateway $NET.\$n.1 --host-address $NET.\$n.1/24
END
else
    cat >"$WORK/haproxy" <<END
#!/bin/sh
# A background job ignores SIGINT, and a JVM that inherits that never hears it; haproxy does.
exec env --default-signal=INT ${HAPROXY_COMMAND:-$ROOT/netchannel haproxy --kernel} "\$@"
END
fi
chmod +x "$WORK/haproxy"

# From the checkout's root, as the original's script does: some tests name files from there.
run() {
    local options=(-b 2097152 -t "$TEST_SECONDS") test=$TESTS/$1
    $verbose && options+=(-v)
    if $tap; then
        # Beside the files that it names by its own place.
        test=$WORK/reg-tests/$1
        mkdir -p "${test%/*}"
        cp -r "$TESTS/${1%/*}/." "${test%/*}"
        on_tap "$TESTS/$1" >"$test"
        mapfile -t -O ${#options[@]} options <"$WORK/macros"
    fi
    if $verbose; then
        (cd "$TESTS/.." && "$VTEST" "${options[@]}" "$test") 2>&1 | tee "$WORK/output"
    else
        (cd "$TESTS/.." && "$VTEST" "${options[@]}" "$test") >"$WORK/output" 2>&1
    fi
    return "${PIPESTATUS[0]}"
}

export HAPROXY_PROGRAM=$WORK/haproxy TMPDIR=$WORK
export HAPROXY_ARGS=${HAPROXY_ARGS--dM}

cd "$TESTS" || exit 1
[ $# -gt 0 ] || set -- .
mapfile -t files < <(for test in "$@"; do find "${test#reg-tests/}" -name '*.vtc'; done | sed 's|^\./||' | sort)
[ ${#files[@]} -gt 0 ] || { echo "$0: no .vtc file at $*, below $TESTS" >&2; exit 2; }

passed=0 failed=0 skipped=0
printf '%-55s %-15s %s\n' test result detail
for file in "${files[@]}"; do
    reason=$(reason_not_applicable "$file")
    if [ -n "$reason" ] && ! $all; then
        skipped=$((skipped + 1))
        printf '%-55s %-15s %s\n' "$file" "not applicable" "${reason//+/, }"
        continue
    fi
    if $list; then
        passed=$((passed + 1))
        printf '%-55s %s\n' "$file" applies
        continue
    fi
    run "$file"
    status=$?
    case $status in
        0)
            if grep -q 'SKIPPED\|skipped' "$WORK/output" && ! grep -q passed "$WORK/output"; then
                skipped=$((skipped + 1))
                printf '%-55s %-15s %s\n' "$file" "not applicable" "VTest skips it"
            else
                passed=$((passed + 1))
                printf '%-55s %s\n' "$file" passed
            fi
            ;;
        77)
            skipped=$((skipped + 1))
            printf '%-55s %-15s %s\n' "$file" "not applicable" "VTest skips it: a condition of the test doesn't hold"
            ;;
        *)
            failed=$((failed + 1))
            # The first complaint; lines that end the others follow from it.
            printf '%-55s %-15s %s\n' "$file" FAILED "$(grep -aE '^-{4}' "$WORK/output" | head -1 | cut -c6-120)"
            ;;
    esac
done
if $list; then
    echo "$passed tests apply, $skipped don't"
else
    echo "$passed passed, $failed failed, $skipped not applicable"
fi
[ "$failed" -eq 0 ]
